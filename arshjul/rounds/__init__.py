"""What is done again and again for an organisation: plan, write, send, hold, publish."""
