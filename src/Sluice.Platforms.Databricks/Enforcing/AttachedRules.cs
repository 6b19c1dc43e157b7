using System.Collections.Concurrent;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Which functions of Sluice's own mask and filter what, as it was seen and as it was changed since, and what waits to be attached. It begins anew with each look at the platform.</summary>
internal sealed class AttachedRules
{
    private readonly ConcurrentDictionary<ObjectPath, ConcurrentDictionary<FactKey, Attachment>> _on = [];
    private readonly ConcurrentDictionary<ObjectPath, ConcurrentQueue<Change>> _waiting = [];
    private readonly ConcurrentDictionary<string, Lazy<Task>> _closed = new(StringComparer.Ordinal);
    private HashSet<string> _seen = [];

    /// <summary>Begins with what was seen.</summary>
    /// <param name="state">Where functions are attached.</param>
    /// <param name="functions">Those that were there: something may rest on them that is not among what was seen.</param>
    public void Begin(ObservedState state, IEnumerable<string> functions)
    {
        _on.Clear();
        _waiting.Clear();
        _closed.Clear();
        _seen = functions.ToHashSet(StringComparer.Ordinal);
        foreach (var fact in state.Facts.Where(static f => f.Key is { Kind: FactKind.Mask or FactKind.RowRule, Object: not null })) Set(fact.Key, Attachment.Parse(fact.Definition));
    }

    /// <summary>What is attached from now on; null where nothing is.</summary>
    public void Set(FactKey key, Attachment? attachment)
    {
        var on = _on.GetOrAdd(key.Object!, static _ => []);
        if (attachment is null) on.TryRemove(key, out _);
        else on[key] = attachment;
    }

    /// <summary>Whether a function that is to be attached reads a column that is masked.</summary>
    public bool ReadsMasked(ObjectPath table, Attachment attachment) => On(table).Any(a => a.Key.Kind == FactKind.Mask && attachment.Reads(a.Key.Subject));

    /// <summary>The masks and the row filter of a table that read a column.</summary>
    public IReadOnlyList<FactKey> ReadersOf(ObjectPath table, string column) => [.. On(table).Where(a => a.Value.Reads(column)).Select(static a => a.Key)];

    /// <summary>Whether a function is attached anywhere.</summary>
    public bool IsAttached(string function) => _on.Values.Any(on => on.Values.Any(a => a.Function == function));

    /// <summary>What is to be attached once a mask of its table has gone.</summary>
    public void Await(Change change) => _waiting.GetOrAdd(change.Key.Object!, static _ => []).Enqueue(change);

    /// <summary>What waited on a table, and does no more.</summary>
    public IReadOnlyList<Change> TakeWaiting(ObjectPath table) => _waiting.TryRemove(table, out var waiting) ? [.. waiting] : [];

    /// <summary>Makes a function that shows nothing, once, whoever asks for it at the same time.</summary>
    public async Task MakeClosedAsync(SqlFunction function, Func<Task> make)
    {
        var made = _closed.GetOrAdd(function.Name, _ => new Lazy<Task>(make));
        try
        {
            await made.Value;
        }
        catch
        {
            _closed.TryRemove(KeyValuePair.Create(function.Name, made));
            throw;
        }
    }

    /// <summary>Takes the functions that were made to show nothing, and that nothing rests on any more.</summary>
    public IReadOnlyList<string> TakeUnusedClosed() => [.. _closed.Keys.Order(StringComparer.Ordinal).Where(f => !_seen.Contains(f) && !IsAttached(f) && _closed.TryRemove(f, out _))];

    private IEnumerable<KeyValuePair<FactKey, Attachment>> On(ObjectPath table) => _on.TryGetValue(table, out var on) ? on : [];
}
