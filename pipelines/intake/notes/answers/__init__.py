"""What is odd about the answers of a file by itself: their scores, order and parts, and those that stand in it again."""
