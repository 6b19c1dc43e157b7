using System.Collections.Concurrent;
using System.Net;
using Sluice.Core.Catalog;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Crawling;

/// <summary>What a session has read of a catalog and keeps: permissions, LF-Tags, databases.</summary>
internal sealed class LakeCatalog : IDisposable
{
    private readonly Memo<PermissionIndex> _permissions;
    private readonly Memo<TagIndex> _tags;
    private readonly Memo<TagIndex> _tagKeys;
    private readonly ConcurrentDictionary<string, GlueDatabase> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (ObjectTag[] Tags, string? Unknown)> _askedDatabases = new(StringComparer.Ordinal);
    private readonly LakeFormationClient _lake;

    public LakeCatalog(
        GlueClient glue, LakeFormationClient lake, string accountId, Func<CancellationToken, Task<string>> callerArn, AwsLimits limits)
    {
        Glue = glue;
        Limits = limits;
        _lake = lake;
        var load = new TagLoad(lake, limits);
        _permissions = new Memo<PermissionIndex>(async token =>
            await PermissionLoad.ReadAsync(lake, accountId, await callerArn(token), limits, int.MaxValue, token));
        _tags = new Memo<TagIndex>(token => load.ReadAsync(load.ListAsync(token), PermissionsAsync(token), token));
        _tagKeys = new Memo<TagIndex>(token => load.WithoutSearchAsync(load.ListAsync(token), PermissionsAsync(token), token));
    }

    public GlueClient Glue { get; }

    public AwsLimits Limits { get; }

    /// <summary>The permissions that can be seen, read once.</summary>
    public Task<PermissionIndex> PermissionsAsync(CancellationToken cancellationToken) => _permissions.GetAsync(cancellationToken);

    /// <summary>The tags of the whole catalog, read once.</summary>
    public Task<TagIndex> TagsAsync(CancellationToken cancellationToken) => _tags.GetAsync(cancellationToken);

    /// <summary>For a single object: the whole index when it is there already, else one by which the object is asked itself.</summary>
    public Task<TagIndex> TagsOfOneAsync(CancellationToken cancellationToken) =>
        _tags.Known is { } known ? Task.FromResult(known) : _tagKeys.GetAsync(cancellationToken);

    /// <summary>Every database, in the order of their names.</summary>
    public async Task<IReadOnlyList<GlueDatabase>> ListDatabasesAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, GlueDatabase>(StringComparer.Ordinal);
        await Paging.ReadAllAsync(
            (token, cancel) => Glue.GetDatabasesAsync(token, cancel),
            page =>
            {
                foreach (var database in page) found[database.Name] = database;
            },
            Limits,
            cancellationToken);
        foreach (var (name, database) in found) _databases[name] = database;
        return [.. found.Values.OrderBy(d => d.Name, StringComparer.Ordinal)];
    }

    /// <summary>One database; null when it is not there.</summary>
    public async Task<GlueDatabase?> DatabaseAsync(string name, CancellationToken cancellationToken)
    {
        if (_databases.TryGetValue(name, out var known)) return known;
        try
        {
            return _databases.GetOrAdd(name, await Glue.GetDatabaseAsync(name, cancellationToken));
        }
        catch (PlatformException e) when (e.Code == AwsErrorCodes.EntityNotFound)
        {
            return null;
        }
    }

    /// <summary>What is needed to judge a database's tables.</summary>
    public async Task<DatabaseContext> ContextAsync(ObjectPath path, GlueDatabase database, TagIndex tags, CancellationToken cancellationToken)
    {
        if (!tags.AsksEach)
            return new DatabaseContext(path, database, await PermissionsAsync(cancellationToken), tags, tags.OfDatabase(database.Name), null);
        if (!_askedDatabases.TryGetValue(database.Name, out var asked))
            _askedDatabases[database.Name] = asked = await AskAsync(database.Name, null, cancellationToken);
        var (ownTags, unknown) = asked;
        return new DatabaseContext(path, database, await PermissionsAsync(cancellationToken), tags, ownTags, unknown);
    }

    /// <summary>Asks a table for its tags where the index can't answer for it; null where it can.</summary>
    public async Task<(ObjectTag[] Tags, string? Unknown)?> AskIfNeededAsync(
        DatabaseContext database, GlueTable table, CancellationToken cancellationToken) =>
        database.MustAsk(table) ? await AskAsync(database.Database.Name, table.Name, cancellationToken) : null;

    /// <summary>Asks one object for its tags.</summary>
    /// <returns>Its tags, and why they are unknown when they are.</returns>
    private async Task<(ObjectTag[] Tags, string? Unknown)> AskAsync(string database, string? table, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _lake.GetResourceLFTagsAsync(database, table, cancellationToken);
            return (found.Tags, found.Hidden is { } key ? TagIndex.ValueHidden(key) : null);
        }
        catch (PlatformException e) when (e.Code == AwsErrorCodes.EntityNotFound)
        {
            return ([], null);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.AccessDenied or PlatformFailure.Refused or PlatformFailure.NotFound
            || (e.Status == HttpStatusCode.InternalServerError && e.Code is null))
        {
            // One object's tags that can't be read leave that object unknown. What can pass ends the crawl, which goes on there later: stored, it
            // would stand as a verdict. A 500 without AWS's error code is not AWS's: moto gives it for a resource without tags.
            return ([], $"GetResourceLFTags answered: {e.Message}");
        }
    }

    public void Dispose()
    {
        _permissions.Dispose();
        _tags.Dispose();
        _tagKeys.Dispose();
    }
}
