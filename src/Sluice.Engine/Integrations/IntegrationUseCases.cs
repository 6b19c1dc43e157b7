using System.Text.Json;
using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Connections;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Connections;
using Sluice.Storage.History;
using Sluice.Storage.Plans;
using Sluice.Storage.Vault;

namespace Sluice.Engine.Integrations;

/// <inheritdoc cref="IIntegrationUseCases"/>
internal sealed class IntegrationUseCases(PlatformRegistry platforms, IConnectionStore connections, IChangeHistory history, OwnGrants own, IPlanStore plans, SessionOpener sessions) : IIntegrationUseCases
{
    public async Task<IReadOnlyList<ConnectionView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var views = new List<ConnectionView>();
        foreach (var connection in await connections.ListAsync(cancellationToken))
            if (connection.IntegrationJson is not null) views.Add(await ViewAsync(connection, cancellationToken));
        return views;
    }

    public async Task<ConnectionView> ReadAsync(long id, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return await ViewAsync(await FindAsync(id, cancellationToken), cancellationToken);
    }

    public async Task<string> WriteSetupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return await WriteAsync<IWritesSetupScript>(
            body,
            static (writer, request, principal) => writer is INamesScriptPrincipal names ? names.WriteSetupScript(request, principal) : writer.WriteSetupScript(request),
            cancellationToken);
    }

    public async Task<string> WriteEditScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var connection = await FindAsync(id, cancellationToken);
        var problems = new ProblemList();
        var request = new PayloadObject(body, "$", problems);
        if (request.RequiredString("type") is { } type && type != connection.Technology.Name)
            request.Reject("type", $"must be {connection.Technology}, as integration {id} is");
        if (problems.Any) throw new RequestRefusedException(problems);

        using var stored = JsonDocument.Parse(connection.IntegrationJson!);
        var script = WriterOf(connection).WriteEditScript(stored.RootElement, request);
        return problems.Any || script is null ? throw new RequestRefusedException(problems) : script;
    }

    public async Task<string> WriteDeleteScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        var problems = new ProblemList();
        new PayloadObject(body, "$", problems).RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);

        var connection = await FindAsync(id, cancellationToken);
        using var stored = JsonDocument.Parse(connection.IntegrationJson!);
        return WriterOf(connection).WriteDeleteScript(stored.RootElement, await StandingAsync(connection, cancellationToken));
    }

    private async Task<StandingAccess> StandingAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var facts = await history.FactsAsync(connection.Id, [.. await history.InForceAsync(connection.Id, cancellationToken)], cancellationToken);
        var grants = await own.OfAsync(connection, cancellationToken);
        var removed = await plans.RemovedAsync(connection.Id, cancellationToken);
        var protections = await ProtectionsAsync(connection, cancellationToken);
        return new StandingAccess(
            // History has grants that were put back for others, too: those are not ours to take.
            [.. facts.Where(static f => f.Kind != FactKind.Grant).Union(protections ?? []), .. grants.Select(static g => g.Key)],
            [.. removed.GroupBy(static r => new FactKey(FactKind.Grant, r.Object, r.Grantee, r.Privilege)).Select(static g => new TakenGrant(g.Key, g.MaxBy(static r => r.RemovedAt)!.Restore))])
        {
            IsUnseen = protections is null,
        };
    }

    // Null where the platform does not answer.
    private async Task<IReadOnlyList<FactKey>?> ProtectionsAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var session = await sessions.OpenAsync(connection, cancellationToken);
            return session is ITellsStandingProtections told ? await told.StandingProtectionsAsync(cancellationToken) : [];
        }
        catch (Exception e) when (e is PlatformException or SecretUnavailableException or VaultException)
        {
            return null;
        }
    }

    public async Task<string> WriteCleanupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return await WriteAsync<IWritesIntegrationScripts>(
            body,
            static (writer, request, principal) => writer is INamesScriptPrincipal names ? names.WriteCleanupScript(request, principal) : writer.WriteCleanupScript(request),
            cancellationToken);
    }

    private async Task<string> WriteAsync<TWriter>(JsonElement body, Func<TWriter, PayloadObject, string?, string?> write, CancellationToken cancellationToken)
        where TWriter : class
    {
        var problems = new ProblemList();
        if (new PayloadObject(body, "$", problems).RequiredString("type") is not { } type) throw new RequestRefusedException(problems);
        if (platforms.Find(new Technology(type)) is not TWriter writer) throw NoWriter<TWriter>(type, problems);

        // Written once before anybody is asked: a request with problems asks nobody.
        var script = write(writer, new PayloadObject(body, "$", problems), null);
        if (problems.Any || script is null) throw new RequestRefusedException(problems);
        if (writer is not INamesScriptPrincipal names) return script;
        var principal = await names.FindPrincipalAsync(new PayloadObject(body, "$", new ProblemList()), cancellationToken);
        return principal is null ? script : write(writer, new PayloadObject(body, "$", problems), principal) ?? script;
    }

    private RequestRefusedException NoWriter<TWriter>(string type, ProblemList problems)
    {
        var technology = new Technology(type);
        var available = platforms.Available.Where(t => platforms.Of(t) is TWriter).ToList();
        if (Technology.All.Contains(technology) && platforms.Find(technology) is null)
        {
            var has = available.Count == 0 ? "none" : string.Join(" and ", available);
            return new RequestRefusedException(ErrorCode.NotAvailableYet, $"Scripts of type {type} are not available yet; this version has {has}.");
        }

        var which = available.Count == 0 ? "has no such script in this version" : $"must be {string.Join(" or ", available)}";
        problems.Add("$.type", technology == Technology.Glue ? $"{which} (Lake Formation is set up with the policies of GET /api/v1/aws/identity)" : which);
        return new RequestRefusedException(problems);
    }

    private async Task<StoredConnection> FindAsync(long id, CancellationToken cancellationToken) =>
        (await connections.ListAsync(cancellationToken)).FirstOrDefault(c => c.RootObjectId == id && c.IntegrationJson is not null)
        ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no integration {id}. GET /integrations lists them.");

    private async Task<ConnectionView> ViewAsync(StoredConnection connection, CancellationToken cancellationToken)
    {
        var secrets = await connections.SecretsAsync(connection.Id, cancellationToken);
        return new ConnectionView(connection, [.. secrets.Select(s => s.Field)], CheckList.FromJson(connection.ChecksJson));
    }

    private IWritesIntegrationScripts WriterOf(StoredConnection connection) =>
        platforms.Of(connection.Technology) as IWritesIntegrationScripts
        ?? throw new InvalidOperationException($"Connection {connection.Id} has a native integration, but its platform writes no scripts for one.");
}
