using Sluice.Platforms.LakeFormation.Connections;
using Sluice.Platforms.LakeFormation.Governing;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Checks;

/// <summary>
/// Checks what the service principal may do, by reading. An action is tried on the first database, table and LF-Tag that can be seen; what
/// only a write would prove is skipped and says so.
/// </summary>
internal sealed class ConnectionChecks(
    GlueConnection connection,
    GlueClient glue,
    LakeFormationClient lake,
    Memo<CallerIdentity> caller,
    Func<CancellationToken, Task<string>> principalArn,
    AwsLimits limits)
{
    // A check is waited for: permissions beyond the first ten thousand are the crawl's to read.
    private const int PermissionPages = 10;

    private readonly Dictionary<string, Check> _actions = new(StringComparer.Ordinal);

    /// <summary>Runs all checks, in the order a person would mend them.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        var checks = new List<Check>();
        CallerIdentity identity;
        try
        {
            identity = await caller.GetAsync(cancellationToken);
        }
        catch (PlatformException e) when (!e.IsTransient && ActionFailure.IsAnswer(e))
        {
            checks.Add(new Check("credentials", CheckStatus.Failed, "AWS does not accept them", e.Message));
            checks.AddRange(DocumentedActions.All.Select(a => new Check(a, CheckStatus.Skipped, "not tried", "The credentials don't work.")));
            return checks;
        }

        checks.Add(new Check("credentials", CheckStatus.Passed, $"They belong to {identity.Arn}."));
        checks.Add(Account(identity));
        var sample = await ReadCatalogAsync(cancellationToken);
        checks.Add(Region());
        var tags = await ReadTagsAsync(sample.Database, cancellationToken);
        var permissions = await ReadPermissionsAsync(cancellationToken);
        checks.AddRange(DocumentedActions.All.Select(a => _actions.GetValueOrDefault(a)
            ?? new Check(a, CheckStatus.Skipped, "not tried", "Only a write could prove it, and checks write nothing.")));
        checks.Add(PermissionChecks.TagCreator(permissions));
        checks.Add(await DescribesTagsAsync(tags, permissions, cancellationToken));
        checks.Add(PermissionChecks.Granting(permissions, sample.Database, sample.Table));
        checks.Add(PermissionChecks.Databases(permissions));
        return checks;
    }

    private Check Account(CallerIdentity identity) => identity.Account == connection.AccountId
        ? new Check("account", CheckStatus.Passed, $"The credentials belong to account {connection.AccountId}.")
        : new Check(
            "account",
            CheckStatus.Warning,
            $"The credentials belong to account {identity.Account}, the catalog to {connection.AccountId}.",
            "A catalog of another account works only as far as that account shares it; check accountId if that is not meant.");

    private Check Region()
    {
        var databases = _actions[DocumentedActions.GetDatabases];
        return databases.Status switch
        {
            CheckStatus.Passed => new Check("region", CheckStatus.Passed, $"The Data Catalog of {connection.AccountId} answers in {connection.Region.Name}."),
            CheckStatus.Failed => new Check(
                "region", CheckStatus.Failed, $"The Data Catalog of {connection.AccountId} can't be read in {connection.Region.Name}.", databases.Message),
            _ => databases with { Name = "region" },
        };
    }

    private async Task<(string? Database, string? Table)> ReadCatalogAsync(CancellationToken cancellationToken)
    {
        var databases = await TryAsync(DocumentedActions.GetDatabases, t => glue.GetDatabasesAsync(null, t), cancellationToken);
        var database = databases?.Items.FirstOrDefault(d => d.Target is null)?.Name;
        if (database is null)
        {
            var reason = databases is null ? "Databases can't be listed." : "There is no database that this principal can see; grant it DESCRIBE.";
            Skip(DocumentedActions.GetDatabase, reason);
            Skip(DocumentedActions.GetTables, reason);
            Skip(DocumentedActions.GetTable, reason);
            return (null, null);
        }

        await TryAsync(DocumentedActions.GetDatabase, t => glue.GetDatabaseAsync(database, t), cancellationToken);
        string? table = null;
        foreach (var candidate in databases!.Value.Items.Where(d => d.Target is null).Take(5))
        {
            var tables = await TryAsync(DocumentedActions.GetTables, t => glue.GetTablesAsync(candidate.Name, null, t, max: 1), cancellationToken);
            if (tables is null) break;
            if (tables.Value.Items.Count == 0) continue;
            (database, table) = (candidate.Name, tables.Value.Items[0].Name);
            break;
        }

        if (table is null) Skip(DocumentedActions.GetTable, "There is no table to try it on that this principal can see; grant it DESCRIBE.");
        else await TryAsync(DocumentedActions.GetTable, t => glue.GetTableAsync(database, table, t), cancellationToken);
        return (database, table);
    }

    /// <summary>The LF-Tags that are listed; null when they can't be.</summary>
    private async Task<IReadOnlyList<LFTag>?> ReadTagsAsync(string? database, CancellationToken cancellationToken)
    {
        var listed = await TryAsync(DocumentedActions.ListLFTags, t => lake.ListLFTagsAsync(null, t), cancellationToken);
        var tag = listed?.Items.FirstOrDefault(t => t.Values.Length > 0);
        if (tag is null)
        {
            var reason = listed is null ? "LF-Tags can't be listed." : "There is no LF-Tag to try it on that this principal can see.";
            Skip(DocumentedActions.GetLFTag, reason);
            Skip(DocumentedActions.SearchTables, reason);
            Skip(DocumentedActions.SearchDatabases, reason);
        }
        else
        {
            var one = new LFTag(tag.Key, [tag.Values[0]]);
            await TryAsync(DocumentedActions.GetLFTag, t => lake.GetLFTagAsync(tag.Key, t), cancellationToken);
            await TryAsync(DocumentedActions.SearchTables, t => lake.SearchTablesAsync(one, null, t, max: 1), cancellationToken);
            await TryAsync(DocumentedActions.SearchDatabases, t => lake.SearchDatabasesAsync(one, null, t, max: 1), cancellationToken);
        }

        if (database is null) Skip(DocumentedActions.GetResourceLFTags, "There is no database to try it on.");
        else await TryAsync(DocumentedActions.GetResourceLFTags, t => lake.GetResourceLFTagsAsync(database, null, t), cancellationToken);
        return listed?.Items;
    }

    private async Task<PermissionIndex> ReadPermissionsAsync(CancellationToken cancellationToken)
    {
        var arn = await principalArn(cancellationToken);
        PermissionIndex index;
        try
        {
            index = await PermissionLoad.ReadAsync(lake, connection.AccountId, arn, limits, PermissionPages, cancellationToken);
        }
        catch (PlatformException e) when (ActionFailure.IsAnswer(e))
        {
            _actions[DocumentedActions.ListPermissions] = ActionFailure.Of(DocumentedActions.ListPermissions, e);
            return new PermissionIndex(connection.AccountId, arn) { Unreadable = e.Message };
        }

        _actions[DocumentedActions.ListPermissions] = index.Unreadable is null
            ? Passed(DocumentedActions.ListPermissions)
            : ActionFailure.Describe(DocumentedActions.ListPermissions, index.Unreadable);
        return index;
    }

    private async Task<Check> DescribesTagsAsync(IReadOnlyList<LFTag>? listed, PermissionIndex permissions, CancellationToken cancellationToken)
    {
        const string name = "LF-Tag DESCRIBE";
        var hidden = new List<string>();
        foreach (var key in permissions.OwnTagKeys.Where(k => listed?.Any(l => l.Key == k) != true).Order(StringComparer.Ordinal))
        {
            try
            {
                if ((await lake.GetLFTagAsync(key, cancellationToken)).Values.Length == 0) hidden.Add(key);
            }
            catch (PlatformException e) when (ActionFailure.IsAnswer(e))
            {
                if (e.IsTransient) return ActionFailure.NotJustNow(name, e);
                hidden.Add(key);
            }
        }

        if (hidden.Count > 0)
        {
            return new Check(
                name, CheckStatus.Warning, $"{TagIndex.Some(hidden)} can't be described.",
                "Grant this principal DESCRIBE on each LF-Tag in use: any object may carry one that can't be seen, so none counts as governed.");
        }

        if (permissions.TagKeysInPart.ToList() is { Count: > 0 } inPart)
        {
            return new Check(
                name, CheckStatus.Warning, $"Only single values of {TagIndex.Some(inPart)} can be described.",
                "A value that was not granted is not shown on what carries it: where it overrides a value that is shown the object counts as unknown, "
                + "elsewhere nothing tells of it. Grant this principal DESCRIBE on all values of each LF-Tag in use.");
        }

        if (listed is null) return new Check(name, CheckStatus.Skipped, "not known", "LF-Tags can't be listed; lakeformation:ListLFTags says why.");
        return listed.Count == 0
            ? new Check(name, CheckStatus.Skipped, "no LF-Tag is visible", "If LF-Tags are in use, grant this principal DESCRIBE on them.")
            : new Check(name, CheckStatus.Passed, $"{listed.Count} can be described; keys and values that nothing shows can't be proven absent.");
    }

    private async Task<T?> TryAsync<T>(string action, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : struct
    {
        try
        {
            var value = await call(cancellationToken);
            _actions[action] = Passed(action);
            return value;
        }
        catch (PlatformException e) when (ActionFailure.IsAnswer(e))
        {
            _actions[action] = ActionFailure.Of(action, e);
            return null;
        }
    }

    private async Task TryAsync(string action, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        await TryAsync(
            action,
            async token =>
            {
                await call(token);
                return true;
            },
            cancellationToken);

    private void Skip(string action, string reason) => _actions[action] = new Check(action, CheckStatus.Skipped, "not tried", reason);

    private static Check Passed(string action) => new(action, CheckStatus.Passed, "allowed");
}
