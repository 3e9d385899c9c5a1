"""One adapter a kind of server behind one Protocol; the only room that knows an SDK."""
