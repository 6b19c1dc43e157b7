using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Makes and removes what rules rest on, and puts functions on columns and tables.</summary>
internal sealed class RuleWriter(ISqlEndpoint sql, UnityClient unity, OwnCatalog own, InstanceMark mark, AttachedRules attached, DatabricksOptions options)
{
    /// <summary>Makes or removes tables and functions of ours, several at once; the caller keeps their order.</summary>
    public Task WriteSupportAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        EachAsync(changes, static c => c.Key.Subject, async (change, token) =>
        {
            if (change.Verb == ChangeVerb.Remove && IsFunction(change) && attached.IsAttached(NameOf(change)))
                throw new PlatformException(PlatformFailure.Unavailable, $"Function {NameOf(change)} is not dropped while it masks or filters something.");
            foreach (var statement in StatementsOf(own, mark, change)) await sql.ReadAsync(statement, token);
        }, tell, cancellationToken);

    /// <summary>Makes functions that call the operator's. In the place of one that Databricks refuses to make stands NULL, and the next plan tries again.</summary>
    public Task WriteCallsAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        EachAsync(changes, static c => c.Key.Subject, WriteCallAsync, tell, cancellationToken);

    /// <summary>
    /// Puts functions on columns and tables, or takes them off: different objects at once, those of one after another, a row filter that is replaced last, and not while a mask of its
    /// table is still the old one. What a function is given of a column that another masks is not documented, so no function reads such a column: one that is there shows nothing from
    /// then on, and one that comes shows nothing until the mask has gone.
    /// </summary>
    public Task AttachAsync(AccessIntent intent, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var objects = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object);
        var unmasked = new ConcurrentDictionary<ObjectPath, string>();
        return EachAsync(changes.OrderBy(IsReplacedFilter), static c => string.Join('\0', c.Key.Object!.Names), async (change, token) =>
        {
            var path = change.Key.Object!;
            if (IsReplacedFilter(change) && unmasked.TryGetValue(path, out var why))
                throw new PlatformException(PlatformFailure.Unavailable, $"The row filter waits for the mask that comes with it, which could not be set: {why}");
            if (change.Verb == ChangeVerb.Remove) await DetachAsync(change, objects, token);
            else await AttachAsync(change, objects, token);
        }, Tell, cancellationToken);

        void Tell(ChangeOutcome outcome)
        {
            if (outcome is { Error: { } error, Change: { Verb: ChangeVerb.Replace, Key: { Kind: FactKind.Mask, Object: { } of } } }) unmasked.TryAdd(of, error);
            tell(outcome);
        }

        static bool IsReplacedFilter(Change change) => change is { Verb: ChangeVerb.Replace, Key.Kind: FactKind.RowRule };
    }

    /// <summary>
    /// Puts functions that show nothing where functions are about to be replaced, while what is known of people changes: the new knowledge with the old function, or the other way
    /// round, might show what neither state does.
    /// </summary>
    public async Task CloseAsync(AccessIntent intent, IReadOnlyList<Change> replaced, CancellationToken cancellationToken)
    {
        var objects = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object);
        foreach (var change in replaced) await MakeClosedAsync(change.Key, objects, cancellationToken);
        await Parallel.ForEachAsync(
            replaced.GroupBy(static c => c.Key.Object),
            new ParallelOptions { MaxDegreeOfParallelism = options.StatementsAtOnce, CancellationToken = cancellationToken },
            async (table, token) =>
            {
                foreach (var change in table) await CloseAsync(change.Key, objects, token);
            });
    }

    /// <summary>Removes functions that show nothing, where nothing waits behind them any more. What stays is seen by the next observation, and goes then.</summary>
    public async Task ForgetClosedAsync(CancellationToken cancellationToken)
    {
        foreach (var function in attached.TakeUnusedClosed())
        {
            try
            {
                await sql.ReadAsync(SqlFunction.Drop(own, function), cancellationToken);
            }
            catch (PlatformException)
            {
                return;
            }
        }
    }

    private async Task AttachAsync(Change change, Dictionary<ObjectPath, GovernedObject> objects, CancellationToken cancellationToken)
    {
        var (path, attachment) = (change.Key.Object!, Attachment.Parse(change.Definition));
        if (change.Key.Kind == FactKind.Mask) foreach (var reader in attached.ReadersOf(path, change.Key.Subject)) await CloseAsync(reader, objects, cancellationToken);
        if (attached.ReadsMasked(path, attachment))
        {
            await CloseAsync(change.Key, objects, cancellationToken);
            attached.Await(change);
            return;
        }

        await SetAsync(change.Key, attachment, objects, cancellationToken);
    }

    private async Task DetachAsync(Change change, Dictionary<ObjectPath, GovernedObject> objects, CancellationToken cancellationToken)
    {
        try
        {
            await SetAsync(change.Key, null, objects, cancellationToken);
        }
        catch (PlatformException e) when (SqlFailures.SaysGone(e))
        {
            attached.Set(change.Key, null);
            throw;
        }

        foreach (var waiting in attached.TakeWaiting(change.Key.Object!))
        {
            try
            {
                await AttachAsync(waiting, objects, cancellationToken);
            }
            catch (PlatformException e)
            {
                throw new PlatformException(e.Failure, $"It is taken off, but what waited for that ({waiting.Key}) could not be set, and shows nothing until the next plan: {e.Message}", e);
            }
        }
    }

    private async Task SetAsync(FactKey key, Attachment? attachment, Dictionary<ObjectPath, GovernedObject> objects, CancellationToken cancellationToken)
    {
        var path = key.Object!;
        var kind = objects.TryGetValue(path, out var known) ? known.Kind : (await unity.TableAsync(path.Names[1], path.Names[2], path.Name, cancellationToken)).Kind;
        await sql.ReadAsync(StatementOf(own, key, attachment, kind), cancellationToken);
        attached.Set(key, attachment);
    }

    private async Task CloseAsync(FactKey key, Dictionary<ObjectPath, GovernedObject> objects, CancellationToken cancellationToken) =>
        await SetAsync(key, new Attachment(await MakeClosedAsync(key, objects, cancellationToken), []), objects, cancellationToken);

    private async Task<string> MakeClosedAsync(FactKey key, Dictionary<ObjectPath, GovernedObject> objects, CancellationToken cancellationToken)
    {
        var function = Closed(key, objects[key.Object!]);
        await attached.MakeClosedAsync(function, () => sql.ReadAsync(SqlFunction.Create(own, function.Name, function.Definition, mark), cancellationToken));
        return function.Name;
    }

    private async Task<ChangeOutcome> WriteCallAsync(Change change, CancellationToken cancellationToken)
    {
        try
        {
            await sql.ReadAsync(StatementsOf(own, mark, change)[0], cancellationToken);
            return new ChangeOutcome(change, null);
        }
        catch (PlatformException e) when (!e.IsTransient)
        {
            await sql.ReadAsync(StatementsOf(own, mark, change with { Definition = SqlFunction.Nothing(change.Definition) })[0], cancellationToken);
            return new ChangeOutcome(change, MaskFunctions.Uncallable(SqlFunction.BodyOf(change.Definition), e.Message)) { IsContained = true };
        }
    }

    /// <summary>The statements of a change of what rules rest on.</summary>
    public static IReadOnlyList<string> StatementsOf(OwnCatalog own, InstanceMark mark, Change change)
    {
        var name = NameOf(change);
        var isRemoved = change.Verb == ChangeVerb.Remove;
        if (IsFunction(change)) return [isRemoved ? SqlFunction.Drop(own, name) : SqlFunction.Create(own, name, change.Definition, mark)];
        return isRemoved ? [SupportTables.Drop(own, name)] : SupportTables.Create(own, SupportTables.All.Single(t => t.Name == name), mark);
    }

    /// <summary>The statement of a change of a mask or row filter.</summary>
    public static string StatementOf(OwnCatalog own, Change change, ObjectKind kind) =>
        StatementOf(own, change.Key, change.Verb == ChangeVerb.Remove ? null : Attachment.Parse(change.Definition), kind);

    private static string NameOf(Change change) => change.Key.Subject[(change.Key.Subject.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Whether a change of support is one of a function, and not of a table.</summary>
    public static bool IsFunction(Change change) => change.Key.Subject.StartsWith($"{OwnCatalog.FunctionsSchema}.", StringComparison.Ordinal);

    private static string StatementOf(OwnCatalog own, FactKey key, Attachment? attachment, ObjectKind kind) => (key.Kind, attachment) switch
    {
        (FactKind.Mask, { } set) => set.SetMask(own, key.Object!, kind, key.Subject),
        (FactKind.Mask, null) => Attachment.DropMask(key.Object!, kind, key.Subject),
        (_, { } set) => set.SetFilter(own, key.Object!, kind),
        _ => Attachment.DropFilter(key.Object!, kind),
    };

    private static SqlFunction Closed(FactKey key, GovernedObject of)
    {
        if (key.Kind == FactKind.RowRule) return new SqlFunction(SqlFunction.Filter, [], "BOOLEAN", "false");
        if (of.Columns.FirstOrDefault(c => c.Name == key.Subject) is not { } column || SqlTypes.Of(column.Type) is not { } type)
            throw new PlatformException(PlatformFailure.Unavailable, $"The mask on column {key.Subject} of {of.Path} can't be made to show nothing, for the column's type is not known. Crawl the connection again.");
        return new SqlFunction(SqlFunction.Mask, [$"c0 {type}"], type, $"CAST(NULL AS {type})");
    }

    private Task EachAsync(
        IEnumerable<Change> changes, Func<Change, string> unitOf, Func<Change, CancellationToken, Task> make, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        EachAsync(changes, unitOf, async (change, token) =>
        {
            await make(change, token);
            return new ChangeOutcome(change, null);
        }, tell, cancellationToken);

    private Task EachAsync(
        IEnumerable<Change> changes, Func<Change, string> unitOf, Func<Change, CancellationToken, Task<ChangeOutcome>> make, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            changes.GroupBy(unitOf, StringComparer.Ordinal),
            new ParallelOptions { MaxDegreeOfParallelism = options.StatementsAtOnce, CancellationToken = cancellationToken },
            async (unit, token) =>
            {
                foreach (var change in unit)
                {
                    try
                    {
                        tell(await make(change, token));
                    }
                    catch (Exception e) when (e is PlatformException or ArgumentException)
                    {
                        var isGone = change.Verb == ChangeVerb.Remove && SqlFailures.SaysGone(e);
                        tell(isGone ? new ChangeOutcome(change, null) : new ChangeOutcome(change, e.Message, e is PlatformException { IsTransient: true }));
                    }
                }
            });
}
