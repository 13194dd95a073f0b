"""Files without answers: lists of members and of clients, letters, tickets, and what clients did."""
