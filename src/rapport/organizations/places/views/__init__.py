"""Pages of agencies, districts and schools."""
