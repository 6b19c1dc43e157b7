namespace Sluice.Sandbox.Databricks.Privileges;

/// <summary>What one principal was granted on one securable.</summary>
/// <param name="Held">The privileges, as granted: ALL PRIVILEGES stays one.</param>
/// <param name="Grantor">Who granted last.</param>
internal sealed record Grant(Privilege Held, string Grantor);
