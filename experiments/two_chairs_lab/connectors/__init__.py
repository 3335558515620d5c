"""Other tools: Mesa's batch_run, the EMA Workbench, pandas and xarray."""
