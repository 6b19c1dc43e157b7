using System.Text.Json;
using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Setup;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Databricks;

/// <summary>Databricks Unity Catalog: one metastore, reached through one workspace.</summary>
/// <param name="egress">The way out of the server.</param>
/// <param name="mark">This instance's, on the catalog that its setup script makes.</param>
/// <param name="options">What the operator decides.</param>
/// <param name="time">For timeouts, pauses, and when tokens end.</param>
public sealed class DatabricksPlatform(EgressGuard egress, InstanceMark mark, DatabricksOptions options, TimeProvider time)
    : IPlatform, INamesScriptPrincipal, INamesOwnContainer, INamesExemptRoles, ICompilesAccess, IPutsGrantsBack, ITellsHeldAccess, ICopiesProtections, IFoldsIdentities
{
    private readonly ConnectionReader _reader = new(egress);
    private readonly SetupScript _scripts = new(mark);
    private readonly ScriptPrincipal _principal = new(egress, options, time);

    /// <inheritdoc/>
    public Technology Technology => Technology.Databricks;

    /// <inheritdoc/>
    /// <remarks>
    /// The documented members of both objects. The secret is <c>token</c> or <c>oAuthClientConfig.clientSecret</c> below <c>connection</c>.
    /// </remarks>
    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored) =>
        _reader.Read(connection, nativeIntegration, stored);

    /// <inheritdoc/>
    public IPlatformSession Open(ConnectionAccess access) => new DatabricksSession(access, egress, mark, options, time);

    /// <inheritdoc/>
    public string OwnContainerOf(JsonElement integration) => IntegrationSettings.FromDocument(integration).CatalogName;

    /// <inheritdoc/>
    /// <remarks><c>groupPattern.deny</c>: one account group, exempt from data policies alone.</remarks>
    public IReadOnlyList<string> ExemptRolesOf(JsonElement integration) => IntegrationSettings.FromDocument(integration).ExemptGroup is { } group ? [group] : [];

    /// <inheritdoc/>
    /// <remarks>A user's name is an e-mail address, a service principal's its application id, a UUID: case means nothing in either.</remarks>
    public IEqualityComparer<string> Identities => Enforcing.Identities.Comparer;

    /// <inheritdoc/>
    public DesiredState Compile(AccessIntent intent) => Enforcing.AccessCompiler.Compile(intent);

    /// <inheritdoc/>
    public ColumnFamily FamilyOf(string type) => ColumnFamilies.Of(type);

    /// <inheritdoc/>
    /// <remarks>What one person alone is subscribed to is granted to that person itself.</remarks>
    public bool IsDirectAudience(string prefix, string subject) => false;

    /// <inheritdoc/>
    public IReadOnlyList<string> Describe(Change change) => ChangeText.Of(change, mark);

    /// <inheritdoc/>
    public (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants) => HeldGrants.Of(grants);

    /// <inheritdoc/>
    public bool IsMarked(FactKey grant) => false;

    /// <inheritdoc/>
    public Change PutBack(FactKey key, string restore, string? madeBy)
    {
        KeptGrant.Demand(restore, key.Subject, key.Detail);
        return new Change(ChangePhase.Grant, ChangeVerb.Add, key, "", "Somebody asked for a removed grant to be put back.") { Restore = restore, MadeBy = madeBy };
    }

    /// <inheritdoc/>
    public Task<string?> FindPrincipalAsync(PayloadObject request, CancellationToken cancellationToken) => _principal.FindAsync(request, cancellationToken);

    /// <inheritdoc/>
    public string? WriteSetupScript(PayloadObject request) => WriteSetupScript(request, principal: null);

    /// <inheritdoc/>
    public string? WriteSetupScript(PayloadObject request, string? principal) =>
        ScriptRequest.Read(request, egress, isNew: true) is { } read ? _scripts.Create(read.Of(principal)) : null;

    /// <inheritdoc/>
    public string? WriteEditScript(JsonElement stored, PayloadObject request) =>
        ScriptRequest.Read(request, egress, isNew: false) is { } read ? _scripts.Edit(ScriptRequest.Of(stored), read) : null;

    /// <inheritdoc/>
    public string WriteDeleteScript(JsonElement stored, StandingAccess standing) => _scripts.Delete(ScriptRequest.Of(stored), standing);

    /// <inheritdoc/>
    public string? WriteCleanupScript(PayloadObject request) => WriteCleanupScript(request, principal: null);

    /// <inheritdoc/>
    public string? WriteCleanupScript(PayloadObject request, string? principal) =>
        ScriptRequest.Read(request, egress, isNew: false) is { } read ? _scripts.Delete(read.Of(principal), StandingAccess.None) : null;
}
