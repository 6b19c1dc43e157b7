using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Snowflake.Connections;
using Sluice.Platforms.Snowflake.Enforcing;
using Sluice.Platforms.Snowflake.Setup;

namespace Sluice.Platforms.Snowflake;

/// <summary>Snowflake: databases, schemas, and tables and views of every kind.</summary>
/// <remarks>
/// Objects are known by their names: neither Information Schema nor SHOW gives an id, and the account's own views, which do, lag behind. Columns have
/// none either. So a renamed table is a missing one and a new one.
/// </remarks>
/// <param name="egress">Where the server may connect.</param>
/// <param name="mark">The mark of this instance, on what the scripts make.</param>
/// <param name="time">For timeouts, pauses between tries, and the age of tokens.</param>
/// <param name="options">Limits; the defaults when null.</param>
public sealed class SnowflakePlatform(EgressGuard egress, InstanceMark mark, TimeProvider time, SnowflakeOptions? options = null)
    : IPlatform, IWritesIntegrationScripts, INamesOwnContainer, INamesExemptRoles, ICompilesAccess, IPutsGrantsBack, ITellsHeldAccess, ICopiesProtections, ITellsHowToRead
{
    private readonly SnowflakeOptions _options = options ?? new SnowflakeOptions();
    private readonly RegistrationReader _reader = new(egress);
    private readonly SetupScript _setup = new(new OwnedObjects(mark));
    private readonly RemovalScript _removal = new(new OwnedObjects(mark), (options ?? new SnowflakeOptions()).ShowRows);

    /// <inheritdoc/>
    public Technology Technology => Technology.Snowflake;

    /// <inheritdoc/>
    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored) =>
        _reader.Read(connection, nativeIntegration, stored);

    /// <inheritdoc/>
    public IPlatformSession Open(ConnectionAccess access)
    {
        var connection = SnowflakeConnection.FromDocument(access.Document, egress);
        var settings = IntegrationSettings.FromDocument(access.Integration!.Value);
        return new SnowflakeSession(access.ConnectionKey, connection, settings, new SessionWiring(egress, _options, time, connection, access.Secrets), mark, _options);
    }

    /// <inheritdoc/>
    public string? WriteSetupScript(PayloadObject request) => ScriptRequest.Read(request, egress) is { } read ? _setup.Write(read) : null;

    /// <inheritdoc/>
    public string? WriteEditScript(JsonElement stored, PayloadObject request)
    {
        var before = ScriptRequest.Of(stored);
        return ScriptRequest.Read(request, egress, before.Settings.DatabaseName) is { } read ? _setup.WriteEdit(before, read) : null;
    }

    /// <inheritdoc/>
    public string WriteDeleteScript(JsonElement stored, StandingAccess standing) => _removal.Write(ScriptRequest.Of(stored), standing);

    /// <inheritdoc/>
    public string? WriteCleanupScript(PayloadObject request) => ScriptRequest.Read(request, egress) is { } read ? _removal.Write(read, StandingAccess.None) : null;

    /// <inheritdoc/>
    public string OwnContainerOf(JsonElement integration) => IntegrationSettings.FromDocument(integration).DatabaseName.Text;

    /// <remarks><c>userRolePattern.exclude</c>: roles and users alike.</remarks>
    /// <inheritdoc/>
    public IReadOnlyList<string> ExemptRolesOf(JsonElement integration) => IntegrationSettings.FromDocument(integration).Exclude;

    /// <inheritdoc/>
    public DesiredState Compile(AccessIntent intent) => Enforcing.AccessCompiler.Compile(intent);

    /// <inheritdoc/>
    public ColumnFamily FamilyOf(string type) => ColumnFamilies.Of(type);

    /// <inheritdoc/>
    public bool IsDirectAudience(string prefix, string subject) => new NativeNames(prefix, null).IsPerson(subject);

    /// <inheritdoc/>
    public (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants) => HeldGrants.Of(grants);

    // Sluice's own are to roles with its mark.
    /// <inheritdoc/>
    public bool IsMarked(FactKey grant) => true;

    /// <inheritdoc/>
    public Change PutBack(FactKey key, string restore, string? madeBy) => new(
        ChangePhase.Grant, ChangeVerb.Add, key, KeptGrant.DefinitionOf(KeptGrant.Read(key, restore)), "Somebody asked for a removed grant to be put back.") { Restore = restore, MadeBy = madeBy };

    // https://docs.snowflake.com/en/sql-reference/sql/use-secondary-roles
    /// <inheritdoc/>
    public string? HowToRead(AccessIntent intent)
    {
        var roles = Compile(intent).Facts
            .Where(static f => f.Key is { Kind: FactKind.Grant, Object.Depth: 3 } && Privilege.Parse(f.Key.Detail).Name == Privilege.Select)
            .Select(static f => f.Key.Subject).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return roles.Count == 0
            ? null
            : $"it is granted to role {string.Join(" or ", roles)}. A session has it where the user's DEFAULT_SECONDARY_ROLES is ('ALL') and no session policy forbids it. Else say USE SECONDARY ROLES ALL, or USE ROLE {roles[0]}.";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Describe(Change change) => ChangeText.Of(change, mark);
}
