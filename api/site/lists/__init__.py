"""Lists for people: of offers, organisations, projects, and of events by day and by month."""
