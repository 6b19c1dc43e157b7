using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>Sees what is granted and set: on the objects of an intent to anybody, and anywhere to roles of ours. In a few statements for each database.</summary>
internal sealed class AccessObserver(StatementClient statements, PolicyReferences references, string connectionKey, InstanceMark mark, SnowflakeOptions options)
{
    private const int MostTries = 5;

    private readonly GrantReader _grants = new(statements, connectionKey);
    private readonly RoleHolders _holders = new(statements, options.ShowRows);
    private readonly CatalogReader _catalog = new(statements, options);
    private readonly VirtualColumns _virtual = new(statements, connectionKey, options.Statements.Maximum);

    private ParallelOptions AtOnce(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = options.Statements.Maximum, CancellationToken = cancellationToken };

    /// <summary>Reads what is so now. What is taken away meanwhile, as while one plan is made and another applied, is listed in one answer and gone in the next: all of it is read again then.</summary>
    public async Task<ObservedState> ObserveAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ObserveOnceAsync(intent, cancellationToken);
            }
            catch (PlatformException e) when (attempt < MostTries && e.Failure == PlatformFailure.NotFound)
            {
                // Again.
            }
        }
    }

    private async Task<ObservedState> ObserveOnceAsync(AccessIntent intent, CancellationToken cancellationToken)
    {
        var names = new NativeNames(intent.Prefix, intent.OwnContainer);
        var policies = await PoliciesAsync(cancellationToken);
        var desired = AccessCompiler.Compile(intent);
        var unprotectable = await UnprotectableAsync(intent, desired, policies, cancellationToken);
        var known = intent.Knowing(unprotectable);
        var observation = new Observation(known, unprotectable.Count == 0 ? desired : AccessCompiler.Compile(known), names);
        await AddRolesAsync(observation, names, cancellationToken);
        await AddGrantsAsync(observation, names, cancellationToken);
        await AddSupportAsync(observation, names, cancellationToken);
        await AddPoliciesAsync(observation, policies, cancellationToken);
        return observation.State() with { Unprotectable = unprotectable };
    }

    private async Task AddRolesAsync(Observation observation, NativeNames names, CancellationToken cancellationToken)
    {
        var roles = await _catalog.ShowAsync<(string Name, string? Comment)>(
            "SHOW ROLES", names.RolePrefix,
            static result =>
            {
                var (name, comment) = (result.Column("name"), result.Column("comment"));
                return row => (row[name]!, row[comment]);
            },
            cancellationToken);
        var members = new Holders?[roles.Count];
        await Parallel.ForAsync(0, roles.Count, AtOnce(cancellationToken), async (i, token) =>
        {
            if (names.IsRole(roles[i].Name) && mark.OwnerOf(roles[i].Comment) == MarkOwner.ThisInstance) members[i] = await _holders.OfAsync(new RoleName(roles[i].Name), token);
        });
        for (var i = 0; i < roles.Count; i++) observation.AddRole(roles[i].Name, mark.OwnerOf(roles[i].Comment), members[i]);
    }

    private async Task AddGrantsAsync(Observation observation, NativeNames names, CancellationToken cancellationToken)
    {
        var listed = (await _catalog.DatabasesAsync(null, cancellationToken)).ToList();
        var reading = ToUsersAsync(cancellationToken);
        listed.RemoveAll(d => DatabaseKinds.LeftOut(d, names.Database) is not null || DatabaseKinds.GovernanceOf(d).Governance == Governance.Ungoverned);
        var (grants, toUsers) = (new List<ObjectGrant>(), new List<UserGrant>());
        await Parallel.ForEachAsync(listed, AtOnce(cancellationToken), async (database, token) => Take(await OfDatabaseAsync(database.Name, token)));

        foreach (var grant in grants) observation.Add(grant);
        var ofUsers = await reading;
        var unseen = observation.Asked.Values
            .Where(o => !observation.IsSeen(o.Object.Path, ObjectKinds.Keyword(o.Object.Kind), ObjectKinds.Seeing(o.Object.Kind)) || ofUsers.Contains(o.Object.Path))
            .Select(static o => (o.Object.Path, Keyword: ObjectKinds.Keyword(o.Object.Kind))).Where(static o => IsSayable(o.Path)).ToList();
        // A clone of a database has the grants of what it was cloned from, and the database itself none: what lies there Information Schema does not show.
        unseen.AddRange((await LeftOutAsync(listed, grants, cancellationToken)).ExceptBy(unseen.Select(static o => o.Path), static o => o.Path));
        var known = grants.Count;
        await Parallel.ForEachAsync(unseen, AtOnce(cancellationToken), async (one, token) =>
        {
            try
            {
                Take(await _grants.OnAsync(one.Path, one.Keyword, token));
            }
            catch (PlatformException e) when (!e.IsTransient)
            {
                lock (observation) observation.Conflict(one.Path, $"its grants can't be read: {e.Message}");
            }
        });

        var containers = observation.Asked.Keys.Concat(grants.Where(g => g.Object.Depth == 3).Select(g => g.Object)).Where(IsSayable)
            .SelectMany(p => new[] { p.Parent!, p.Parent!.Parent! }).Distinct().ToList();
        await Parallel.ForEachAsync(containers, AtOnce(cancellationToken), async (path, token) =>
        {
            try
            {
                Take(await _grants.OnAsync(path, path.Depth == 1 ? "DATABASE" : "SCHEMA", token));
            }
            catch (PlatformException e) when (!e.IsTransient)
            {
                lock (observation) foreach (var asked in observation.Asked.Keys.Where(path.Covers)) observation.Conflict(asked, $"the grants on {path.Name} can't be read: {e.Message}");
            }
        });
        foreach (var grant in grants.Skip(known)) observation.Add(grant);
        await AddWaysAsync(observation, grants, toUsers, cancellationToken);

        void Take((List<ObjectGrant> Grants, List<UserGrant> ToUsers) read)
        {
            lock (grants)
            {
                grants.AddRange(read.Grants);
                toUsers.AddRange(read.ToUsers);
            }
        }
    }

    private async Task<(List<ObjectGrant> Grants, List<UserGrant> ToUsers)> OfDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        try
        {
            return await _grants.OfDatabaseAsync(database, cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied || e.Code == SnowflakeCodes.TooMuchData)
        {
            // Listed for something else than USAGE, or too large to be told at once: what was asked for, and what came there with a clone, is read object by object.
            return ([], []);
        }
    }

    private async Task<IReadOnlyList<(ObjectPath Path, string Keyword)>> LeftOutAsync(IReadOnlyList<DatabaseRow> databases, IReadOnlyList<ObjectGrant> grants, CancellationToken cancellationToken)
    {
        var told = grants.Select(static g => g.Object).ToHashSet();
        var governed = databases.Select(static d => d.Name).ToHashSet(StringComparer.Ordinal);
        return [.. (await _grants.SeenByAsync(statements.Role, cancellationToken)).Where(o => !told.Contains(o.Path) && governed.Contains(o.Path.Names[1]) && IsSayable(o.Path)).DistinctBy(static o => o.Path)];
    }

    private async Task<IReadOnlySet<ObjectPath>> ToUsersAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _grants.OfUsersAsync(cancellationToken);
        }
        catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
        {
            // The check "grants to users" tells it.
            return new HashSet<ObjectPath>();
        }
    }

    // Ways that aren't ours lead through roles: of each it is asked once who holds it.
    private async Task AddWaysAsync(Observation observation, IReadOnlyList<ObjectGrant> grants, IReadOnlyList<UserGrant> toUsers, CancellationToken cancellationToken)
    {
        var me = await CurrentUserAsync(cancellationToken);
        var opening = grants.Where(g => observation.Asked.ContainsKey(g.Object) && (g.Privilege.IsOfData || g.Privilege.Name == Privilege.Ownership) && observation.IsForeign(g.Grantee)).ToList();
        var reached = new Dictionary<RoleName, RoleReach>();
        await Parallel.ForEachAsync(opening.Select(g => g.Grantee).Distinct(), AtOnce(cancellationToken), async (role, token) =>
        {
            var reach = await _holders.ReachAsync(role, token);
            lock (reached) reached[role] = reach;
        });
        foreach (var ofRole in opening.GroupBy(static g => g.Grantee)) observation.AddWays(ofRole.Key, reached[ofRole.Key], me, ofRole);
        foreach (var grant in toUsers.Where(g => g.User != me && observation.Asked.ContainsKey(g.Object))) observation.Add(grant);
    }

    private async Task AddSupportAsync(Observation observation, NativeNames names, CancellationToken cancellationToken)
    {
        var support = new Support(names);
        var tables = await CommentsAsync($"SHOW TABLES IN SCHEMA {names.TableSchema}", "comment", cancellationToken);
        var ours = Support.Tables.Where(t => tables.TryGetValue(t.Name, out var comment) && mark.OwnerOf(comment) == MarkOwner.ThisInstance).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        if (ours.Count == 0) return;
        var functions = await CommentsAsync($"SHOW USER FUNCTIONS IN SCHEMA {names.FunctionSchema}", "description", cancellationToken, (name, comment, arguments) =>
        {
            if (names.IsCall(name) && mark.OwnerOf(comment) == MarkOwner.ThisInstance) observation.AddCall(name, comment == CallingFunction.CommentOf(mark, isNothing: false), arguments);
        });
        var isWhole = ours.Count == Support.Tables.Count && Support.FunctionNames.All(f => functions.TryGetValue(f, out var comment) && comment == support.CommentOf(mark));
        var hasSalt = false;
        if (ours.Contains(Support.SaltTable)) await RowsAsync($"SELECT COUNT(*) FROM {names.Table(Support.SaltTable)}", r => hasSalt = r[0] == "1", cancellationToken);
        observation.AddSupport(!isWhole ? "not as it was made" : hasSalt ? support.Definition : "without a salt");
        if (ours.Contains(Support.RegisteredTable))
            await RowsAsync($"SELECT IDENTITY FROM {names.Table(Support.RegisteredTable)}", r => observation.AddPerson(FactKind.Support, r[0]!, Support.Registered, ""), cancellationToken);
        if (ours.Contains(Support.ExemptionTable))
            await RowsAsync($"SELECT IDENTITY, AUDIENCE FROM {names.Table(Support.ExemptionTable)}", r => observation.AddPerson(FactKind.Exemption, r[0]!, r[1]!, ""), cancellationToken);
        if (!ours.Contains(Support.EntitlementTable)) return;
        await RowsAsync(
            $"SELECT IDENTITY, TO_JSON(KNOWN) FROM {names.Table(Support.EntitlementTable)}",
            r => observation.AddPerson(FactKind.Entitlement, r[0]!, Support.Known, KnownPeople.Canonical(r[1]!)), cancellationToken);
    }

    private async Task<PoliciesInAccount> PoliciesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (ours, others) = await references.OwnAsync(cancellationToken);
            return new PoliciesInAccount(ours, others, null);
        }
        catch (PlatformException e) when (e.Code == SnowflakeCodes.UnsupportedFeature)
        {
            return new PoliciesInAccount([], new HashSet<string>(), $"this account has none ({e.Message.TrimEnd('.')}): they need the Enterprise edition");
        }
    }

    private async Task<IReadOnlyDictionary<ObjectPath, Unprotectable>> UnprotectableAsync(
        AccessIntent intent, DesiredState desired, PoliciesInAccount policies, CancellationToken cancellationToken)
    {
        var asked = desired.Facts.Where(static f => f.Key.Kind is FactKind.Mask or FactKind.RowRule).ToDictionary(static f => f.Key, static f => f.Definition);
        if (policies.WhyNone is { } why) return asked.Keys.Select(static k => k.Object!).Distinct().ToDictionary(static o => o, _ => new Unprotectable(why, []));
        var unprotectable = await UnderViewsAsync(asked, policies, cancellationToken);
        var masked = asked.Keys.Select(static k => k.Object!).ToHashSet();
        var tables = intent.Objects.Select(static o => o.Object).Where(o => o.Kind != ObjectKind.View && masked.Contains(o.Path)).ToList();
        foreach (var (path, columns) in await _virtual.ReadAsync(tables, cancellationToken))
            unprotectable[path] = (unprotectable.GetValueOrDefault(path) ?? new Unprotectable(null, [])) with { Computed = columns };
        return unprotectable;
    }

    // Snowflake changes no policy on a table of which a materialized view is made.
    private async Task<Dictionary<ObjectPath, Unprotectable>> UnderViewsAsync(Dictionary<FactKey, string> asked, PoliciesInAccount policies, CancellationToken cancellationToken)
    {
        var set = policies.Ours.SelectMany(static p => p.Set, static (p, r) => (Policy: p, Reference: r, Key: Observation.KeyOf(r))).Where(s => asked.ContainsKey(s.Key)).ToList();
        var standing = set.Where(s => SetPolicy.IsOf(s.Reference, asked[s.Key])).Select(static s => s.Key).ToHashSet();
        if (asked.Count == standing.Count) return [];
        var under = await references.UnderMaterializedViewsAsync(cancellationToken);
        var others = set.Where(s => !standing.Contains(s.Key)).ToLookup(
            static s => s.Key.Object!, static s => new DesiredFact(s.Key, SetPolicy.DefinitionOf(s.Reference, asked: null, s.Policy.Body), "no other can be set in its place"));
        return asked.Keys.Where(k => !standing.Contains(k) && under.ContainsKey(k.Object!)).Select(static k => k.Object!).Distinct().ToDictionary(
            static o => o,
            o => new Unprotectable(
                $"Snowflake sets none on a table under a materialized view, as it is under {under[o]}{(others.Contains(o) ? ", and another than is asked for stands there" : "")}",
                [.. standing.Where(k => o.Equals(k.Object))]) { Kept = [.. others[o].DistinctBy(static f => f.Key)] });
    }

    private async Task AddPoliciesAsync(Observation observation, PoliciesInAccount policies, CancellationToken cancellationToken)
    {
        if (policies.WhyNone is not null) return;
        foreach (var policy in policies.Ours) observation.Add(policy);
        observation.AddTaken(policies.Others);

        // Only where protections are to come: a column or object that has ours has no other's.
        await Parallel.ForEachAsync(observation.Unprotected(), AtOnce(cancellationToken), async (path, token) =>
        {
            try
            {
                var set = await references.OfObjectAsync(path, observation.Asked[path].Object.Kind == ObjectKind.View, token);
                lock (observation) set.ForEach(r => observation.AddForeign(r, references.IsInPlace(r)));
            }
            catch (PlatformException e) when (!e.IsTransient)
            {
                lock (observation) observation.Conflict(path, $"its policies can't be read: {e.Message}");
            }
        });
    }

    private async Task<string?> CurrentUserAsync(CancellationToken cancellationToken)
    {
        string? user = null;
        await RowsAsync("SELECT CURRENT_USER()", r => user = r[0], cancellationToken);
        return user;
    }

    private async Task<Dictionary<string, string?>> CommentsAsync(string show, string column, CancellationToken cancellationToken, Action<string, string?, string?>? take = null)
    {
        using var result = await statements.RunAsync(new Statement(show), cancellationToken);
        var (name, comment, arguments) = (result.Column("name"), result.Column(column), take is null ? 0 : result.Column("arguments"));
        var comments = new Dictionary<string, string?>(StringComparer.Ordinal);
        var count = 0;
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (++count == options.ShowRows) throw _catalog.Cut($"rows of {show}", "Drop there what is not in use.");
            comments[row[name] ?? ""] = row[comment];
            take?.Invoke(row[name] ?? "", row[comment], row[arguments]);
        }

        return comments;
    }

    private async Task RowsAsync(string select, Action<string?[]> take, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement(select), cancellationToken);
        await foreach (var row in result.RowsAsync(cancellationToken)) take(row);
    }

    private static bool IsSayable(ObjectPath path) => path.Names.Skip(1).All(static n => Quote.NameProblem(n) is null);

    // Ours, the names of others in our schema, and why there are none at all.
    private sealed record PoliciesInAccount(IReadOnlyList<OwnPolicy> Ours, IReadOnlySet<string> Others, string? WhyNone);
}
