"""What is odd about a file beside those before it: its answers, its days, its columns, and what lists and dumps say."""
