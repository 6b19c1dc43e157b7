using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Grants;

/// <summary>A privilege a role or user has on something.</summary>
internal sealed record Grant(string Privilege, Securable Grantee, bool WithGrantOption, Securable? GrantedBy, DateTimeOffset On);

/// <summary>A privilege roles get on what will be made in a schema or database.</summary>
internal sealed record FutureGrant(Securable Container, Domain Domain, string Privilege, RoleState Grantee, bool WithGrantOption, RoleState? GrantedBy, DateTimeOffset On);
