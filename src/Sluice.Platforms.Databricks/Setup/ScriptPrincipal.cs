using Sluice.Core.Payloads;
using Sluice.Platforms.Databricks.Connections;
using Sluice.Platforms.Databricks.Wire;
using Sluice.Platforms.Egress;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Databricks.Setup;

/// <summary>Asks the workspace whose a script request's token is (<c>/Me</c>). A person waits, and can do without: one try, a few seconds.</summary>
internal sealed class ScriptPrincipal(EgressGuard egress, DatabricksOptions options, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly RetryPolicy Once = RetryPolicy.None with { Deadline = Patience };

    /// <summary>Null where the request is not by token, holds no token itself, or is not answered.</summary>
    public async Task<string?> FindAsync(PayloadObject request, CancellationToken cancellationToken)
    {
        if (!request.Has("config")) return null;
        var members = ConfigMembers.Read(request.RequiredObject("config"), egress);
        if (request.Problems.Any || members is not { Host: { } host, Compute: { } compute, Credentials: { Type: DatabricksConnection.Token, Secret: SecretInput.Literal token } }) return null;
        var connection = new DatabricksConnection { Host = host, Port = members.Port ?? 443, Compute = compute };
        using var wiring = new SessionWiring(egress, options, time, connection, token.Value);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(Patience);
        try
        {
            var me = await new UnityClient(wiring.Workspace.With(Once), new TextPool(), options.PagesOfListing).MeAsync(soon.Token);
            return ServicePrincipalId.Parse(me.Name);
        }
        catch (Exception e) when (e is PlatformException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The script then has a variable in the name's place.
            return null;
        }
    }
}
