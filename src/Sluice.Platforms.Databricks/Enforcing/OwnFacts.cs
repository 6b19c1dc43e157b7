using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Databricks.Wire;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>Puts what is in Sluice's own catalog, and what is attached to tables, into facts.</summary>
internal sealed class OwnFacts
{
    private readonly OwnCatalog _own;
    private readonly InstanceMark _mark;
    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal);
    private readonly Dictionary<FactKey, string> _desired;
    private readonly Dictionary<FactKey, ObservedFact> _facts = [];
    private readonly Dictionary<ObjectPath, List<FactKey>> _on = [];
    private readonly List<Shortfall> _conflicts = [];
    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectPath, GovernedObject> _asked;
    private readonly ILookup<ObjectPath, (FactKey Key, Attachment Attachment)> _askedOn;
    private readonly IReadOnlySet<Guid>? _inForce;
    private readonly HashSet<string> _restedOn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spelled = new(Identities.Comparer);

    public OwnFacts(AccessIntent intent, OwnCatalog own, InstanceMark mark, DesiredState desired)
    {
        (_own, _mark, _inForce) = (own, mark, intent.InForce);
        foreach (var identity in intent.Identities) _spelled.TryAdd(identity.Name, identity.Name);
        _asked = intent.Objects.ToDictionary(static o => o.Object.Path, static o => o.Object);
        _desired = desired.Facts.Where(static f => f.Key.Kind is FactKind.Support or FactKind.Mask or FactKind.RowRule).ToDictionary(static f => f.Key, static f => f.Definition);
        _askedOn = _desired.Where(static d => d.Key.Object is not null).ToLookup(static d => d.Key.Object!, static d => (d.Key, Attachment.Parse(d.Value)));
    }

    /// <summary>The facts, all of them ours but for what is left alone in our place. What a protection that stays rests on is not among them where nobody asks for it: so it stays too.</summary>
    public IEnumerable<ObservedFact> All => _restedOn.Count == 0 ? _facts.Values : _facts.Values.Where(f => _desired.ContainsKey(f.Key) || !IsRestedOn(f.Key));

    /// <summary>What functions do that stay where nobody asks for them.</summary>
    public IReadOnlyList<string> Kept => [.. _restedOn.Select(f => _bodies.GetValueOrDefault(f, ""))];

    /// <summary>What stands in our place.</summary>
    public IReadOnlyList<Shortfall> Conflicts => _conflicts;

    /// <summary>What is in the catalog, and attached anywhere.</summary>
    public void Add(OwnState state)
    {
        foreach (var (name, comment) in state.Tables) AddTable(name, comment, state.HasSalt);
        foreach (var function in state.Functions) AddFunction(function);
        foreach (var identity in state.Registered) Add(new FactKey(FactKind.Support, null, Spell(identity), SupportTables.RegisteredDetail), "");
        foreach (var (identity, audience) in state.Exemptions) Add(new FactKey(FactKind.Exemption, null, Spell(identity), audience), "");
        foreach (var (identity, known) in state.Entitlements) Add(new FactKey(FactKind.Entitlement, null, Spell(identity), SupportTables.Known), Canonical(known));
        foreach (var (table, column, function) in state.Masks) AddAttached(new FactKey(FactKind.Mask, table, column), function);
        foreach (var (table, function) in state.Filters) AddAttached(new FactKey(FactKind.RowRule, table, RuleFacts.FilterSubject), function);
    }

    /// <summary>What is attached to a table that is asked for, by others as well. It tells more of what is ours than the information schema does, and is taken up after it.</summary>
    public void Add(ObjectPath path, GovernedTable table)
    {
        if (_on.Remove(path, out var before)) foreach (var key in before) _facts.Remove(key);
        var asked = _askedOn[path].ToList();
        foreach (var (column, function) in table.Masks)
        {
            var key = new FactKey(FactKind.Mask, path, column);
            if (AddAttached(key, function)) continue;
            if (_desired.ContainsKey(key)) Conflict($"column {column} is masked by {function.Function} already, which is not Sluice's: nothing is changed there");
            else if (asked.Exists(a => a.Attachment.Reads(column)))
                Conflict($"column {column} is masked by {function.Function}, which is not Sluice's, and what a row rule or another mask that reads the column would be given is not documented: nothing is changed there");
            else AddForeignReader(function);
        }

        var filter = new FactKey(FactKind.RowRule, path, RuleFacts.FilterSubject);
        if (table.RowFilter is not { } rows || AddAttached(filter, rows)) return;
        if (_desired.ContainsKey(filter)) Conflict($"the rows are filtered by {rows.Function} already, which is not Sluice's: nothing is changed there");
        else AddForeignReader(rows);

        void AddForeignReader(AttachedFunction function)
        {
            if (asked.FirstOrDefault(a => a.Key.Kind == FactKind.Mask && function.Columns.Contains(a.Key.Subject, StringComparer.OrdinalIgnoreCase)).Key is { Object: not null } masked)
                Conflict($"{function.Function}, which is not Sluice's, reads column {masked.Subject}, and what it would be given of the column once that is masked is not documented: nothing is changed there");
        }

        void Conflict(string what) => _conflicts.Add(new Shortfall(path, what));
    }

    /// <summary>What of ours can't stand beside what is asked for: a column is masked, or read by a mask or row filter, and not both.</summary>
    public IReadOnlyList<Shortfall> ConflictsWithOlder =>
    [
        .. from there in _on
           from key in there.Value
           where key.Kind is FactKind.Mask or FactKind.RowRule
           let older = Attachment.Parse(_facts[key].Definition)
           from asked in _askedOn[there.Key]
           where (key.Kind == FactKind.Mask && asked.Attachment.Reads(key.Subject)) || (asked.Key.Kind == FactKind.Mask && older.Reads(asked.Key.Subject))
           select new Shortfall(there.Key, $"held back, for mode create-only takes nothing away: {Named(key)} stays, beside which {Named(asked.Key)} can't be, for one reads what the other masks"),
    ];

    /// <summary>The functions that are asked for and not there, in order.</summary>
    public IReadOnlyList<string> MissingFunctions =>
        [.. _desired.Keys.Where(k => k.Kind == FactKind.Support && k.Subject.StartsWith($"{OwnCatalog.FunctionsSchema}.", StringComparison.Ordinal) && !_facts.ContainsKey(k)).Select(static k => k.Subject[(OwnCatalog.FunctionsSchema.Length + 1)..]).Order(StringComparer.Ordinal)];

    /// <summary>Takes up how many functions there may be: where one that is asked for goes beyond, nothing new is granted.</summary>
    public void Limit(Quota functions)
    {
        var beyond = MissingFunctions.Skip((int)Math.Max(0, functions.Limit - functions.Count)).ToHashSet(StringComparer.Ordinal);
        if (beyond.Count == 0) return;
        // What calls another can't be made where that one is not.
        beyond.UnionWith(MissingFunctions.Where(f => beyond.Any(b => _desired[new FactKey(FactKind.Support, null, SqlFunction.SubjectOf(f))].Contains(b, StringComparison.Ordinal))).ToList());
        foreach (var function in beyond) Leave(new FactKey(FactKind.Support, null, SqlFunction.SubjectOf(function)));
        foreach (var path in _askedOn.Where(on => on.Any(a => beyond.Contains(a.Attachment.Function))).Select(static on => on.Key))
        {
            _conflicts.Add(new Shortfall(
                path,
                $"schema {_own.Name}.{OwnCatalog.FunctionsSchema} has {functions.Count} functions of {functions.Limit}, so a mask or row filter can't be made. Ask Databricks for a higher quota, or let policies share masks"));
        }
    }

    private static string Named(FactKey key) => key.Kind == FactKind.Mask ? $"the mask on column {key.Subject}" : "the row filter";

    // A row is found in any case, and so is the same row under another spelling.
    private string Spell(string identity) => _spelled.GetValueOrDefault(identity, identity);

    private void AddTable(string name, string? comment, bool hasSalt)
    {
        if (SupportTables.All.FirstOrDefault(t => t.Name == name) is not { } table) return;
        if (_mark.OwnerOf(comment) != MarkOwner.ThisInstance)
        {
            ConflictOfAll($"table {_own.Entitlements(name)} was not made by this instance of Sluice");
            Leave(new FactKey(FactKind.Support, null, SupportTables.SubjectOf(name)));
        }
        else Add(new FactKey(FactKind.Support, null, SupportTables.SubjectOf(name)), name == SupportTables.Salt && !hasSalt ? "without a salt" : table.Columns);
    }

    private void AddFunction(FunctionEntry function)
    {
        var key = new FactKey(FactKind.Support, null, SqlFunction.SubjectOf(function.Name));
        var isDesired = _desired.TryGetValue(key, out var definition);
        if (_mark.OwnerOf(function.Comment) != MarkOwner.ThisInstance)
        {
            _foreign.Add(function.Name);
            if (!isDesired) return;
            ConflictOfAll($"function {_own.Function(function.Name)} was not made by this instance of Sluice");
            Leave(key);
            return;
        }

        // The name tells what it does; whoever has changed it since has not changed that.
        var isAsMade = isDesired && IsSame(SqlFunction.BodyOf(definition!), function.Body);
        _bodies[function.Name] = isAsMade ? SqlFunction.BodyOf(definition!) : function.Body;
        Add(key, isAsMade ? definition! : $"() RETURN {function.Body}");
    }

    private bool AddAttached(FactKey key, AttachedFunction function)
    {
        if (_own.NameOf(function.Function) is not { } name) return false;
        if (!SqlFunction.IsName(name) || _foreign.Contains(name)) return false;
        if (IsCarried(key))
        {
            _restedOn.Add(name);
            return true;
        }

        var definition = new Attachment(name, function.Columns).Definition(_bodies.GetValueOrDefault(name, ""));
        Add(key, function.IsPlain ? definition : $"{definition}, and constants");
        return true;
    }

    // A column keeps its mask under another name, and a table its masks and row filter where it was moved to (https://docs.databricks.com/delta/column-mapping). Whoever reads it was not to see
    // more than before, until somebody has looked at what it is. A column that no crawl has met yet has been renamed, or made, since.
    private bool IsCarried(FactKey key)
    {
        if (_inForce is null || _inForce.Contains(FactId.Of(key)) || _desired.ContainsKey(key)) return false;
        if (!_asked.TryGetValue(key.Object!, out var asked) || asked.Tags.Contains(SystemTags.DiscoveredNew)) return true;
        return key.Kind == FactKind.Mask && (asked.Columns.FirstOrDefault(c => c.Name == key.Subject) is not { } column || column.Tags.Contains(SystemTags.DiscoveredNew));
    }

    // A function that masks, one that it calls, the tables that they read, and who is registered: nobody is to pass for a stranger. Exemptions go, which opens nothing.
    private bool IsRestedOn(FactKey key)
    {
        if (key.Kind != FactKind.Support || key.Object is not null) return false;
        if (!key.Subject.StartsWith($"{OwnCatalog.FunctionsSchema}.", StringComparison.Ordinal)) return true;
        var name = key.Subject[(OwnCatalog.FunctionsSchema.Length + 1)..];
        return _restedOn.Any(f => f == name || _bodies.GetValueOrDefault(f, "").Contains(name, StringComparison.Ordinal));
    }

    private void ConflictOfAll(string what)
    {
        foreach (var path in _desired.Keys.Select(static k => k.Object).OfType<ObjectPath>().Distinct())
            _conflicts.Add(new Shortfall(path, $"{what}: it is neither used nor changed, and so nothing can be masked or filtered. Give the connection a catalog of its own"));
    }

    // As something of somebody else's: so nothing is made in its place.
    private void Leave(FactKey key)
    {
        if (_desired.ContainsKey(key)) _facts[key] = new ObservedFact(key, "left alone", FactOwner.Foreign);
    }

    private void Add(FactKey key, string definition)
    {
        _facts[key] = new ObservedFact(key, definition, FactOwner.Ours);
        if (key.Object is not { } path) return;
        if (!_on.TryGetValue(path, out var keys)) _on[path] = keys = [];
        keys.Add(key);
    }

    private static string Canonical(string known)
    {
        try
        {
            return KnownPeople.Canonical(known);
        }
        catch (System.Text.Json.JsonException)
        {
            return known;
        }
    }

    private static bool IsSame(string one, string other) => Plain(one) == Plain(other);

    private static string Plain(string text) => string.Concat(text.Where(static c => !char.IsWhiteSpace(c)));
}
