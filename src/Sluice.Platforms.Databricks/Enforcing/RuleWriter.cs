using System.Collections.Concurrent;
using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Sql;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Makes and removes what rules rest on, and puts functions on columns and tables.</summary>
internal sealed class RuleWriter(ISqlEndpoint sql, UnityClient unity, OwnCatalog own, InstanceMark mark, DatabricksOptions options)
{
    /// <summary>Makes or removes tables and functions of ours, several at once; the caller keeps their order.</summary>
    public Task WriteSupportAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        EachAsync(changes, static c => c.Key.Subject, async (change, token) =>
        {
            foreach (var statement in StatementsOf(own, mark, change)) await sql.ReadAsync(statement, token);
        }, tell, cancellationToken);

    /// <summary>Makes functions that call the operator's. In the place of one that Databricks refuses to make stands NULL, and the next plan tries again.</summary>
    public Task WriteCallsAsync(IEnumerable<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken) =>
        EachAsync(changes, static c => c.Key.Subject, WriteCallAsync, tell, cancellationToken);

    /// <summary>
    /// Puts functions on columns and tables, or takes them off: different objects at once, those of one after another, a row filter that is replaced last, and not while a mask of its
    /// table is still the old one.
    /// </summary>
    public Task AttachAsync(AccessIntent intent, IReadOnlyList<Change> changes, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        var kinds = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object.Kind);
        var unmasked = new ConcurrentDictionary<ObjectPath, string>();
        return EachAsync(changes.OrderBy(IsReplacedFilter), static c => string.Join('\0', c.Key.Object!.Names), async (change, token) =>
        {
            var path = change.Key.Object!;
            if (IsReplacedFilter(change) && unmasked.TryGetValue(path, out var why))
                throw new PlatformException(PlatformFailure.Unavailable, $"The row filter waits for the mask that comes with it, which could not be set: {why}");
            var kind = kinds.TryGetValue(path, out var known) ? known : (await unity.TableAsync(path.Names[1], path.Names[2], path.Name, token)).Kind;
            await sql.ReadAsync(StatementOf(own, change, kind), token);
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
    /// <returns>The functions that nothing is attached to afterwards, once the new ones are.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(AccessIntent intent, IReadOnlyList<Change> replaced, CancellationToken cancellationToken)
    {
        var objects = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object);
        var closed = replaced.Select(c => (Change: c, Function: Closed(c, objects[c.Key.Object!]))).ToList();
        foreach (var function in closed.Select(static c => c.Function).DistinctBy(static f => f.Name))
            await sql.ReadAsync(SqlFunction.Create(own, function.Name, function.Definition, mark), cancellationToken);
        await Parallel.ForEachAsync(
            closed.GroupBy(static c => c.Change.Key.Object),
            new ParallelOptions { MaxDegreeOfParallelism = options.StatementsAtOnce, CancellationToken = cancellationToken },
            async (table, token) =>
            {
                foreach (var (change, function) in table)
                    await sql.ReadAsync(StatementOf(own, change with { Definition = new Attachment(function.Name, []).Definition(function.Body) }, objects[table.Key!].Kind), token);
            });
        return [.. closed.Select(static c => c.Function.Name).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Removes functions that nothing is attached to. What stays is seen by the next observation, and goes then.</summary>
    public async Task ForgetAsync(IEnumerable<string> functions, CancellationToken cancellationToken)
    {
        foreach (var function in functions)
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
        var name = change.Key.Subject[(change.Key.Subject.IndexOf('.', StringComparison.Ordinal) + 1)..];
        var isRemoved = change.Verb == ChangeVerb.Remove;
        if (IsFunction(change)) return [isRemoved ? SqlFunction.Drop(own, name) : SqlFunction.Create(own, name, change.Definition, mark)];
        return isRemoved ? [SupportTables.Drop(own, name)] : SupportTables.Create(own, SupportTables.All.Single(t => t.Name == name), mark);
    }

    /// <summary>The statement of a change of a mask or row filter.</summary>
    public static string StatementOf(OwnCatalog own, Change change, ObjectKind kind)
    {
        var (key, isRemoved) = (change.Key, change.Verb == ChangeVerb.Remove);
        if (key.Kind == FactKind.Mask)
            return isRemoved ? Attachment.DropMask(key.Object!, kind, key.Subject) : Attachment.Parse(change.Definition).SetMask(own, key.Object!, kind, key.Subject);
        return isRemoved ? Attachment.DropFilter(key.Object!, kind) : Attachment.Parse(change.Definition).SetFilter(own, key.Object!, kind);
    }

    /// <summary>Whether a change of support is one of a function, and not of a table.</summary>
    public static bool IsFunction(Change change) => change.Key.Subject.StartsWith($"{OwnCatalog.FunctionsSchema}.", StringComparison.Ordinal);

    private static SqlFunction Closed(Change change, GovernedObject of)
    {
        if (change.Key.Kind == FactKind.RowRule) return new SqlFunction(SqlFunction.Filter, [], "BOOLEAN", "false");
        // A column that has a mask already has a type that functions can be given.
        var type = SqlTypes.Of(of.Columns.First(c => c.Name == change.Key.Subject).Type)!;
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
