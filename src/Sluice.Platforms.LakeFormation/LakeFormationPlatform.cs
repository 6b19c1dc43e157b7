using Sluice.Core.Access;
using Sluice.Core.Adopting;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Platforms.Egress;
using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Enforcing;
using Sluice.Platforms.LakeFormation.Identity;
using Sluice.Platforms.LakeFormation.Setup;

namespace Sluice.Platforms.LakeFormation;

/// <summary>AWS Glue Data Catalog, governed by AWS Lake Formation.</summary>
/// <param name="egress">The way out of the server.</param>
/// <param name="options">What the operator decides.</param>
/// <param name="time">Stamps signatures, and tells when sessions end.</param>
public sealed class LakeFormationPlatform(EgressGuard egress, LakeFormationOptions options, TimeProvider time) : IPlatform, ICompilesAccess, IPutsGrantsBack, ITellsHeldAccess
{
    private readonly GlueConnectionReader _reader = new(egress, options);

    /// <inheritdoc/>
    public Technology Technology => Technology.Glue;

    /// <inheritdoc/>
    public ConnectionSpec? ReadConnection(PayloadObject connection, PayloadObject? nativeIntegration, ConnectionSpec? stored)
    {
        nativeIntegration?.RejectWhole($"is not a known member with technology {Technology}");
        return _reader.Read(connection, stored);
    }

    /// <inheritdoc/>
    public IPlatformSession Open(ConnectionAccess access)
    {
        var connection = GlueConnection.FromDocument(access.Document);
        return new LakeFormationSession(access, connection, new SessionWiring(egress, options, time, connection));
    }

    /// <inheritdoc/>
    public DesiredState Compile(AccessIntent intent) => Enforcing.AccessCompiler.Compile(intent);

    /// <inheritdoc/>
    public ColumnFamily FamilyOf(string type) => ColumnFamilies.Of(type);

    /// <inheritdoc/>
    /// <remarks>Subscriptions of a person's own are grants by name, and no audience.</remarks>
    public bool IsDirectAudience(string prefix, string subject) => false;

    /// <inheritdoc/>
    public IReadOnlyList<string> Describe(Change change) => ChangeText.Of(change);

    /// <inheritdoc/>
    public (IReadOnlyList<HeldAccess> Held, IReadOnlyList<LeftOver> LeftOvers) HeldBy(IReadOnlyList<ObservedFact> grants) => HeldGrants.Of(grants);

    /// <inheritdoc/>
    public bool IsMarked(FactKey grant) => AudienceTag.Read(grant.Subject) is not null;

    /// <inheritdoc/>
    public Change PutBack(FactKey key, string restore, string? madeBy) =>
        new(ChangePhase.Grant, ChangeVerb.Add, key, GrantForm.OfKept(restore), "Somebody asked for a removed grant to be put back.") { Restore = restore, MadeBy = madeBy };

    /// <summary>The AWS principal this server acts as, asked of STS.</summary>
    /// <param name="region">Whose STS is asked, such as <c>us-east-1</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ArgumentException">That is no region.</exception>
    /// <exception cref="PlatformException">The server has no AWS identity, or STS can't be reached.</exception>
    public async Task<ServerAwsPrincipal> ReadServerPrincipalAsync(string region, CancellationToken cancellationToken)
    {
        var place = AwsRegion.Parse(region) ?? throw new ArgumentException($"'{region}' is not an AWS region.", nameof(region));
        using var wiring = new SessionWiring(egress, options, time, new GlueConnection { Region = place, AccountId = "000000000000" });
        var caller = await wiring.Sts(new ServerCredentials(options.ServerIdentity)).GetCallerIdentityAsync(cancellationToken);
        return ServerAwsPrincipal.Of(caller.Account, caller.Arn);
    }
}
