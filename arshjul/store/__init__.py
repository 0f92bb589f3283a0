"""What has happened: the database, its tables and the statements on them."""
