using Sluice.Core.Catalog;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;

namespace Sluice.Storage.Tests;

/// <summary>A stored connection with a crawl under way, and short ways to write its tree.</summary>
internal sealed class TestTree
{
    private readonly TestDatabase _database;
    private readonly Guid _jobId;

    private TestTree(TestDatabase database, StoredConnection connection, WriteFence fence, Guid jobId)
    {
        _database = database;
        Connection = connection;
        Fence = fence;
        _jobId = jobId;
    }

    public StoredConnection Connection { get; }

    public WriteFence Fence { get; }

    public Guid JobId => _jobId;

    public ObjectPath Root => new(Connection.Key);

    public static async Task<TestTree> CreateAsync(TestDatabase database, string key = "Lake", bool isActive = false, string? settings = null)
    {
        var connection = Samples.Connection(key);
        if (settings is not null) connection = connection with { SettingsJson = settings };
        var job = Samples.Job(connection.Id, key);
        (await database.Connections.AddAsync(connection, isActive, [], job, TestDatabase.Ending)).Outcome.ShouldBe(ConnectionWriteOutcome.Done);
        var fence = (await database.Connections.TakeLeaseAsync(connection.Id, TestDatabase.Ending)).ShouldNotBeNull();
        await database.Jobs.ClaimAsync(fence, Samples.At, TestDatabase.Ending);
        return new TestTree(database, (await database.Connections.FindAsync(connection.Id, TestDatabase.Ending))!, fence, job.Id);
    }

    public ObjectPath Path(params string[] names) => new([Connection.Key, .. names]);

    public async Task<StoredObject> GetAsync(params string[] names) =>
        (await _database.Catalog.FindAsync(Path(names), TestDatabase.Ending)).ShouldNotBeNull($"{string.Join('/', names)} is not found");

    public Task<StoredObject?> FindAsync(params string[] names) => _database.Catalog.FindAsync(Path(names), TestDatabase.Ending);

    /// <summary>Adds an object below one that is stored.</summary>
    public async Task<long> AddAsync(DiscoveredObject found, long? replaces = null)
    {
        var insert = await InsertAsync(found, replaces);
        await ApplyAsync(w => w with { Inserts = [insert], Seen = [insert.Id], Counts = Samples.Counts(1) });
        return insert.Id;
    }

    public Task<long> AddDatabaseAsync(string name, string? nativeId = null) => AddAsync(Samples.Found(Path(name), ObjectKind.Database, nativeId));

    public Task<long> AddTableAsync(string database, string name, string? nativeId = null, params DiscoveredColumn[] columns) =>
        AddAsync(Samples.Found(Path(database, name), ObjectKind.Table, nativeId, columns));

    public async Task<ObjectInsert> InsertAsync(DiscoveredObject found, long? replaces = null)
    {
        var parent = (await _database.Catalog.FindAsync(found.Path.Parent!, TestDatabase.Ending)).ShouldNotBeNull();
        var id = await _database.Catalog.ReserveIdsAsync(1, TestDatabase.Ending);
        return new ObjectInsert(id, parent.Id, $"{parent.Lineage}{id}/", found, replaces);
    }

    public Task UpdateAsync(params CatalogChange.Update[] updates) => ApplyAsync(w => w with { Updates = updates });

    public Task MissAsync(params long[] ids) => ApplyAsync(w => w with { Missing = ids });

    public Task ApplyAsync(Func<CrawlWrite, CrawlWrite> change) => _database.Catalog.ApplyAsync(Fence, change(Write()), TestDatabase.Ending);

    public CrawlWrite Write() => new()
    {
        JobId = _jobId, UnitContainerId = Connection.RootObjectId, At = _database.Clock.Now, Counts = CrawlCounts.Zero,
    };

    public Task<SettingsChanged?> SetAsync(bool? isActive, params string[] names) =>
        _database.Catalog.ChangeSettingsAsync(
            Path(names), new SettingsChange(Given<bool?>.Of(isActive), default, default), Samples.Bob, null, TestDatabase.Ending);

    public Task<SettingsChanged?> SetNewChildrenAsync(bool? activate, params string[] names) =>
        _database.Catalog.ChangeSettingsAsync(
            Path(names), new SettingsChange(default, Given<bool?>.Of(activate), default), Samples.Bob, null, TestDatabase.Ending);

    public async Task<bool> IsActiveAsync(params string[] names)
    {
        var page = await _database.Catalog.SearchAsync(
            new ObjectQuery { Parent = Path(names).Parent, Active = true, Size = 1000 }, TestDatabase.Ending);
        return page.Hits.Any(h => h.Path.Name == names[^1]);
    }
}
