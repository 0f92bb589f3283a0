"""One round of each kind of work, given the time: reload, plan, send. When they run is for `service`."""
