"""What Reforest adds to Airflow: an operator, its report's link, the Assets of a model."""
