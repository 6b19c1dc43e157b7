namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>One principal's change: PATCH permissions has a list of these, GRANT and REVOKE one.</summary>
internal sealed record GrantEdit(string Principal, Privilege Add, Privilege Remove);
