using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Platforms.Egress;
using Sluice.Platforms.PostgreSql.Enforcing;
using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Setup;

namespace Sluice.Platforms.PostgreSql;

/// <summary>PostgreSQL 13 to 18: databases, schemas, and tables of every kind.</summary>
/// <remarks>
/// A partition is a table of its own beside its parent, because people can read it by its own name. Native ids are oids, of columns
/// attnum: they outlive a rename, and a table made anew has another.
/// </remarks>
/// <param name="egress">Where the server may connect.</param>
/// <param name="mark">The mark of this instance, on what it makes.</param>
/// <param name="time">For timeouts and pauses between tries.</param>
/// <param name="options">Limits; the defaults when null.</param>
public sealed class PostgreSqlPlatform(EgressGuard egress, InstanceMark mark, TimeProvider time, PostgreSqlOptions? options = null)
    : IPlatform, IWritesSetupScript, ICompilesAccess, IPutsGrantsBack, ITellsHeldAccess
{
    private readonly PostgreSqlOptions _options = options ?? new PostgreSqlOptions();
    private readonly AbandonedLogins _abandoned = new();

    /// <inheritdoc/>
    public Technology Technology => Technology.PostgreSql;

    /// <inheritdoc/>
    /// <remarks>
    /// Members: <c>technology</c>, <c>authenticationType</c> (<c>userPassword</c>), <c>hostname</c>, <c>port</c> (5432),
    /// <c>database</c> (the one to log in to; <c>postgres</c>), <c>username</c>, <c>password</c>, <c>sslMode</c> (<c>verify-full</c>) and
    /// <c>sslRootCertificate</c> (PEM; with <c>verify-full</c> the system's authorities when absent, with <c>verify-ca</c> required).
    /// </remarks>
    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored)
    {
        nativeIntegration?.RejectWhole($"is not a known member with technology {Technology}");
        return ConnectionReader.Read(connection, stored, egress);
    }

    /// <inheritdoc/>
    public IPlatformSession Open(ConnectionAccess access)
    {
        var target = ServerTarget.FromDocument(access.Document);
        var login = new ServerLogin(target, access.Secrets[ConnectionReader.PasswordMember], egress, time, _options, _abandoned);
        return new PostgreSqlSession(login, access.ConnectionKey, mark, _options);
    }

    /// <inheritdoc/>
    public string? WriteSetupScript(PayloadObject request) => SetupRequest.Read(request) is { } read ? SetupScript.Write(read) : null;

    /// <inheritdoc/>
    public DesiredState Compile(AccessIntent intent) => Enforcing.AccessCompiler.Compile(intent);

    /// <inheritdoc/>
    public ColumnFamily FamilyOf(string type) => ColumnFamilies.Of(type);

    /// <inheritdoc/>
    public bool IsDirectAudience(string prefix, string subject) => new NativeNames(prefix).IsPerson(subject);

    /// <inheritdoc/>
    public IReadOnlyList<string> Describe(Change change) => ChangeText.Of(change, mark);

    /// <inheritdoc/>
    public (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants) => HeldGrants.Of(grants);

    /// <inheritdoc/>
    public bool IsMarked(FactKey grant) => true;

    /// <inheritdoc/>
    public Change PutBack(FactKey key, string restore, string? madeBy)
    {
        var kept = KeptGrants.Read(key, restore);
        return new Change(
            ChangePhase.Grant, ChangeVerb.Add, key, kept.Any(g => g.IsGrantable) ? KeptGrants.GrantableDefinition : "", "Somebody asked for a removed grant to be put back.")
        {
            Restore = restore, MadeBy = madeBy,
        };
    }
}
