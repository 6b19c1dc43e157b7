namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>The securables the sandbox knows, from the top down.</summary>
internal enum SecurableKind
{
    Metastore,
    Catalog,
    Schema,
    Table,
    Function,
}
