"""What has happened: letters and their fate, tokens, facts. What will happen is computed in `core`, never stored."""
