"""What the model in service knows of the system: asked after every cycle, counted fact by fact."""
