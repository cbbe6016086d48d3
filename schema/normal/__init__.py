"""Pure normal forms of names, phones, URLs and text."""
