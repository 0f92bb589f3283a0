"""Files and folders as such, for all that write some: who may read them."""
