"""What is known of the system as it is: the facts that generators read, compared over time."""
