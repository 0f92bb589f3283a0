"""What comes round: dating, occurrences, what is to be confirmed, what an edit means."""
