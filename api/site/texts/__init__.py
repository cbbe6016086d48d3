"""What the pages say, German and English side by side, a table for each kind of page. Data."""
