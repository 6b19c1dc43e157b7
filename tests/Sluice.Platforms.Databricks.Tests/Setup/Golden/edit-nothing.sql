-- Changes what Sluice's setup script made in Databricks Unity Catalog. Run it in the SQL editor or a notebook, from the
-- top to the bottom; each part says who can run it. Running it again changes nothing. Then update the connection.

-- Nothing has to be changed in Databricks.
