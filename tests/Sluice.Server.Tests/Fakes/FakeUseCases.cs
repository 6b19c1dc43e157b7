using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Core.Catalog;
using Sluice.Engine.Callers;
using Sluice.Engine.Catalog;
using Sluice.Engine.Connections;
using Sluice.Engine.Errors;
using Sluice.Engine.Integrations;
using Sluice.Engine.Jobs;
using Sluice.Engine.Setup;
using Sluice.Platforms;
using Sluice.Storage.Jobs;

namespace Sluice.Server.Tests.Fakes;

internal sealed class FakeConnections : IConnectionUseCases
{
    public static readonly Guid BulkId = Guid.Parse("0198d7a0-0000-7000-8000-000000000001");

    public List<JsonElement> Registered { get; } = [];

    public List<JsonElement> Tried { get; } = [];

    public List<(string Key, JsonElement Body, IReadOnlyList<long>? Revision)> Updated { get; } = [];

    public List<Caller> Callers { get; } = [];

    /// <summary>Thrown by every call.</summary>
    public Exception? Fails { get; set; }

    public ConnectionView View { get; set; } = Samples.Connection();

    public Task<Accepted> RegisterAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        Enter(caller);
        Registered.Add(body.Clone());
        return Task.FromResult(new Accepted(new ObjectPath(body.GetProperty("connectionKey").GetString()!), BulkId));
    }

    public Task<DryRunReport> TryAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        Enter(caller);
        Tried.Add(body.Clone());
        var identity = new PlatformIdentity("glue:aws:123456789012:us-east-1", "Glue Data Catalog 123456789012 in us-east-1");
        return Task.FromResult(new DryRunReport(new ObjectPath("lake"), identity, Samples.Checks));
    }

    public Task<ConnectionView> ReadAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        Enter(caller);
        return connectionKey == View.Stored.Key
            ? Task.FromResult(View)
            : throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{connectionKey}'.");
    }

    public Task<Accepted> UpdateAsync(string connectionKey, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        Enter(caller);
        Updated.Add((connectionKey, body.Clone(), ifRevision));
        return Task.FromResult(new Accepted(new ObjectPath(connectionKey), BulkId));
    }

    public Task<Accepted> CheckAsync(string connectionKey, Caller caller, CancellationToken cancellationToken)
    {
        Enter(caller);
        return Task.FromResult(new Accepted(new ObjectPath(connectionKey), BulkId));
    }

    private void Enter(Caller caller)
    {
        Callers.Add(caller);
        if (Fails is not null) throw Fails;
    }
}

internal sealed class FakeIntegrations : IIntegrationUseCases
{
    public List<(string Script, long? Id, JsonElement Body)> Asked { get; } = [];

    public ConnectionView View { get; set; } = Samples.Integrated();

    public Task<IReadOnlyList<ConnectionView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return Task.FromResult<IReadOnlyList<ConnectionView>>([View]);
    }

    public Task<ConnectionView> ReadAsync(long id, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.ApplicationAdmin);
        return id == View.Stored.RootObjectId
            ? Task.FromResult(View)
            : throw new RequestRefusedException(ErrorCode.NotFound, $"There is no integration {id}.");
    }

    public Task<string> WriteSetupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken) => Task.FromResult(Write("create", null, body, caller));

    public Task<string> WriteEditScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult(Write("edit", id, body, caller));

    public Task<string> WriteDeleteScriptAsync(long id, JsonElement body, Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult(Write("delete", id, body, caller));

    public Task<string> WriteCleanupScriptAsync(JsonElement body, Caller caller, CancellationToken cancellationToken) => Task.FromResult(Write("cleanup", null, body, caller));

    private string Write(string script, long? id, JsonElement body, Caller caller)
    {
        caller.Require(Permission.ApplicationAdmin);
        Asked.Add((script, id, body.ValueKind == JsonValueKind.Undefined ? body : body.Clone()));
        return $"-- a script: {script}\nSELECT 1;\n";
    }
}

internal sealed class FakeCatalog : ICatalogUseCases
{
    public List<ObjectPath?> Paths { get; } = [];

    public List<JsonElement> Bodies { get; } = [];

    public Func<ObjectPath, ObjectView> View { get; set; } = path => Samples.Table(path);

    public Task<ObjectView> ReadAsync(ObjectPath path, Caller caller, CancellationToken cancellationToken)
    {
        Paths.Add(path);
        return Task.FromResult(View(path));
    }

    public Task<ObjectViews> SearchAsync(ObjectPath? parent, JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        Paths.Add(parent);
        Bodies.Add(body.ValueKind == JsonValueKind.Undefined ? default : body.Clone());
        return Task.FromResult(new ObjectViews(7, [View(parent?.Child("orders") ?? new ObjectPath("lake"))]));
    }

    /// <summary>The If-Match of the last call that has one.</summary>
    public IReadOnlyList<long>? Revision { get; private set; }

    public Task<SettingsAnswer> ChangeSettingsAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        Paths.Add(path);
        Revision = ifRevision;
        Bodies.Add(body.Clone());
        return Task.FromResult(new SettingsAnswer(new Accepted(path, FakeConnections.BulkId), 12, 3, RemovedGrants));
    }

    /// <summary>What a dry run of settings finds.</summary>
    public Func<ObjectPath, SettingsTrial> Trial { get; set; } = static path => SettingsTrial.Without(path, "Nothing.");

    /// <summary>How often settings were only tried.</summary>
    public int Tried { get; private set; }

    public Task<SettingsTrial> TryChangeSettingsAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        Tried++;
        Revision = ifRevision;
        Bodies.Add(body.Clone());
        return Task.FromResult(Trial(path));
    }

    public Task<Accepted> CrawlAsync(ObjectPath path, JsonElement body, IReadOnlyList<long>? ifRevision, Caller caller, CancellationToken cancellationToken)
    {
        Paths.Add(path);
        Revision = ifRevision;
        return Task.FromResult(new Accepted(path, FakeConnections.BulkId));
    }

    /// <summary>How many grants of others were taken away, whatever is asked about.</summary>
    public int RemovedGrants { get; set; }

    /// <summary>What was asked to be done on the platform before the last deletion.</summary>
    public Leaving? Leaving { get; private set; }

    public Task<Deleted> DeleteAsync(ObjectPath path, IReadOnlyList<long>? ifRevision, Leaving leaving, Caller caller, CancellationToken cancellationToken)
    {
        Paths.Add(path);
        Revision = ifRevision;
        Leaving = leaving;
        return Task.FromResult(new Deleted(path, 41) { BulkId = leaving.CleansUp ? FakeConnections.BulkId : null, RemovedGrants = RemovedGrants });
    }
}

internal sealed class FakeJobs : IJobUseCases
{
    public List<StoredJob> Stored { get; } = [Samples.Job()];

    public JobQuery? Query { get; private set; }

    public (TimeSpan Wait, TimeSpan Poll)? Waited { get; private set; }

    public Task<IReadOnlyList<StoredJob>> ListAsync(Guid? bulkId, Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredJob>>([.. Stored.Where(j => bulkId is null || j.BulkId == bulkId)]);

    public Task<JobPage> SearchAsync(JobQuery query, Caller caller, CancellationToken cancellationToken)
    {
        Query = query;
        // As the store does.
        if (query.Next is "garbage") throw new ArgumentException("Not the 'next' of a page of jobs.", nameof(query));
        return Task.FromResult(new JobPage(Stored, "next-page"));
    }

    public Task<IReadOnlyDictionary<JobState, long>> SummaryAsync(Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<JobState, long>>(new Dictionary<JobState, long> { [JobState.Completed] = 5 });

    /// <summary>Awaited by every request that waits.</summary>
    public Task? Ended { get; set; }

    /// <summary>Released by every request that waits.</summary>
    public SemaphoreSlim Waiting { get; } = new(0);

    public async Task<IReadOnlyList<StoredJob>> StatusesAsync(
        IReadOnlyCollection<Guid> ids, TimeSpan wait, TimeSpan pollInterval, Caller caller, CancellationToken cancellationToken)
    {
        Waited = (wait, pollInterval);
        if (wait > TimeSpan.Zero && Ended is { } ended)
        {
            Waiting.Release();
            await ended.WaitAsync(cancellationToken);
        }

        return [.. Stored.Where(j => ids.Contains(j.Id))];
    }

    public Task<StoredJob> CancelAsync(Guid id, Caller caller, CancellationToken cancellationToken) =>
        Task.FromResult(Stored.FirstOrDefault(j => j.Id == id) ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no job {id}."));
}

internal sealed class FakeAwsIdentity : IAwsIdentityUseCase
{
    public Task<AwsIdentity> ReadAsync(Caller caller, CancellationToken cancellationToken) => Task.FromResult(new AwsIdentity(
        "arn:aws:iam::210987654321:role/sluice", null, "sluice-0123456789abcdef",
        new JsonObject { ["Version"] = "2012-10-17" }, new JsonObject { ["Version"] = "2012-10-17" }, ["Navigate to Permissions."]));
}
