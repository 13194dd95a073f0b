"""What columns say that nps.yaml does not read, or reads otherwise than they are: looked at while a file is read."""
