using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Predicates;
using Sluice.Platforms.Compiling;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>What masks and row rules come to on one object.</summary>
/// <param name="Policies">Those that are set on it.</param>
/// <param name="Narrowing">Who has to be exempt to read or write at all, because something can't be enforced.</param>
/// <param name="Shortfalls">What that is.</param>
/// <param name="Mentions">What the policies ask about people.</param>
/// <param name="Exempt">The audiences that they ask for.</param>
internal sealed record Protection(
    IReadOnlyList<SetPolicy> Policies, IReadOnlyList<AccessRule> Narrowing, IReadOnlyList<string> Shortfalls, IReadOnlyList<Predicate> Mentions, IReadOnlyList<AccessRule> Exempt)
{
    private static readonly Protection Nothing = new([], [], [], [], []);

    /// <summary>The functions that the policies call to have the operator's called.</summary>
    public IReadOnlyList<CallingFunction> Calls { get; init; } = [];

    /// <summary>Of an object.</summary>
    public static Protection Of(AccessIntent intent, NativeNames? names, MaskFunctions functions, IntendedObject item)
    {
        var masks = item.Access.Masks.Where(m => !m.Exempt.Equals(AccessRule.Everybody)).ToList();
        var rows = item.Access.RowRules.Where(r => !r.Exempt.Equals(AccessRule.Everybody)).ToList();
        if (masks.Count == 0 && rows.Count == 0) return Nothing;
        if (names is null || !ObjectKinds.IsProtectable(item.Object.Kind)) return Narrowed(masks, rows, $"Snowflake sets no policies on {ObjectKinds.Keyword(item.Object.Kind).ToLowerInvariant()}s");
        // A policy takes at least one column, and a crawl lists an object of whose columns it is shown none.
        if (item.Object.Columns.Count == 0) return Narrowed(masks, rows, "it shows no columns");
        if (NeedsUnsayable(item.Object, masks, rows)) return Narrowed(masks, rows, "Sluice writes no statement with the name of one of its columns");
        if (item.Unprotectable is not { Reason: { } reason } unprotectable) return new Builder(intent, names, functions, item).Build(masks, rows);
        var narrowed = Narrowed(masks, rows, reason);
        if (unprotectable.Standing.Count == 0) return narrowed;
        var whole = new Builder(intent, names, functions, item).Build(masks, rows);
        return whole with
        {
            Policies = [.. whole.Policies.Where(p => unprotectable.Standing.Contains(p.KeyOn(item.Object)))],
            Narrowing = narrowed.Narrowing,
            Shortfalls = [.. narrowed.Shortfalls, .. whole.Shortfalls],
        };
    }

    // Whether policies might be given a column whose name nothing can be written with.
    private static bool NeedsUnsayable(GovernedObject of, List<ColumnMask> masks, List<RowRule> rows)
    {
        var isAnyGiven = rows.Count > 0 || masks.Exists(static m => m.Condition is not null);
        return of.Columns.Any(c => Quote.NameProblem(c.Name) is not null && (isAnyGiven || masks.Exists(m => m.Column == c.Name)));
    }

    private static Protection Narrowed(IReadOnlyList<ColumnMask> masks, IReadOnlyList<RowRule> rows, string why)
    {
        var keys = string.Join(", ", masks.Select(m => m.PolicyKey).Concat(rows.Select(r => r.PolicyKey)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return Nothing with
        {
            Narrowing = [.. masks.Select(m => m.Exempt), .. rows.Select(r => r.Exempt)],
            Shortfalls = [$"cannot enforce {keys}: {why}; only those who are exempt from all of it may read or write"],
        };
    }

    /// <summary>Whom policies pass over, as an expression that is never NULL.</summary>
    public static string Passes(AccessIntent intent, NativeNames names) =>
        $"({names.Function(Support.IsExcluded)}(){(intent.ProtectsUnregistered ? "" : $" OR NOT {names.Function("IS_REGISTERED")}()")})";

    private sealed class Builder(AccessIntent intent, NativeNames names, MaskFunctions functions, IntendedObject item)
    {
        private readonly GovernedObject _object = item.Object;
        private readonly ValueList<ComputedColumn> _computed = item.Unprotectable?.Computed ?? [];
        private readonly List<SetPolicy> _policies = [];
        private readonly List<AccessRule> _narrowing = [];
        private readonly List<string> _shortfalls = [];
        private readonly List<Predicate> _mentions = [];
        private readonly List<AccessRule> _exempt = [];
        private readonly List<CallingFunction> _calls = [];

        // In the signature of one policy, a column can't be in that of another (https://docs.snowflake.com/en/user-guide/security-row-intro).
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

        public Protection Build(IReadOnlyList<ColumnMask> masks, IReadOnlyList<RowRule> rows)
        {
            var ofColumn = masks.ToLookup(m => m.Column, StringComparer.Ordinal);
            if (rows.Count > 0) AddRows(rows, ofColumn);
            var masked = _object.Columns.Where(c => ofColumn.Contains(c.Name)).ToList();
            _asked.UnionWith(masked.Select(c => c.Name));
            foreach (var column in masked) AddMask(column, [.. ofColumn[column.Name]]);
            foreach (var computed in _computed) AddComputed(computed, [.. computed.Of.Where(ofColumn.Contains)], ofColumn);
            return new Protection(_policies, _narrowing, _shortfalls, _mentions, _exempt) { Calls = _calls };
        }

        private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

        private void AddRows(IReadOnlyList<RowRule> rows, ILookup<string, ColumnMask> masks)
        {
            var printer = new PredicatePrinter(_object, names);
            var terms = new SortedSet<string>(StringComparer.Ordinal);
            var (shortfalls, mentions) = (new List<string>(), new List<Predicate>());
            foreach (var rule in rows)
            {
                var predicate = printer.Print(rule.Predicate, out var problem);
                if (problem is null) mentions.Add(rule.Predicate);
                else shortfalls.Add($"the row rule of {rule.PolicyKey} can't be put in Snowflake's terms ({problem}): nobody but the exempt sees a row");
                terms.Add($"({IsExempt(rule.Exempt)} OR {predicate})");
            }

            // A policy takes at least one column, and no virtual one.
            var columns = printer.Arguments.ToList();
            if (columns.Count == 0) columns.Add(_object.Columns.Where(c => !IsComputed(c)).OrderBy(c => masks.Contains(c.Name)).FirstOrDefault() ?? _object.Columns[0]);
            if (columns.Find(IsComputed) is { } computed)
            {
                Narrow(rows.Select(static r => (r.PolicyKey, r.Exempt)), "the row rules", $": Snowflake lets them use no virtual column, as {computed.Name} is");
                return;
            }

            _exempt.AddRange(rows.Select(static r => r.Exempt));
            _shortfalls.AddRange(shortfalls);
            _mentions.AddRange(mentions);
            _taken.UnionWith(columns.Select(c => c.Name));
            var body = $"{Passes(intent, names)} OR ({string.Join(" AND ", terms)})";
            var signature = string.Join(", ", columns.Select((c, i) => $"{PredicatePrinter.Argument(i)} {ColumnFamilies.Argument(c.Type)}"));
            var text = $"AS ({signature}) RETURNS BOOLEAN -> {body}";
            _policies.Add(new SetPolicy(null, names.Rows(text), text, body, [.. columns.Select(c => c.Name)], Reason(rows.Select(r => (r.PolicyKey, r.Exempt)))));
        }

        // Whether it is computed of what is stored or of what the mask makes of it is not documented.
        private void AddComputed(ComputedColumn computed, IReadOnlyList<string> masked, ILookup<string, ColumnMask> masks)
        {
            if (masked.Count == 0) return;
            Narrow(
                masked.SelectMany(c => masks[c]).Select(static m => (m.PolicyKey, m.Exempt)), "the masks",
                $" on {string.Join(", ", masked)}: virtual column {computed.Name} may be computed of what they mask");
        }

        private void AddMask(GovernedColumn column, IReadOnlyList<ColumnMask> masks)
        {
            if (IsComputed(column))
            {
                Narrow(masks.Select(static m => (m.PolicyKey, m.Exempt)), "the masks", $" on column {column.Name}: Snowflake sets none on a virtual column");
                return;
            }

            var printer = new MaskPrinter(column, names, functions);
            var conditions = new PredicatePrinter(_object, names, column);
            var (shortfalls, mentions) = (new List<string>(), new List<Predicate>());
            var printed = masks.Select(m => Printed(column, m, printer, conditions, shortfalls, mentions)).ToList();
            var given = conditions.Arguments.Select(c => c.Name).ToList();
            if (_taken.Contains(column.Name) || given.Exists(c => _taken.Contains(c) || _asked.Contains(c)))
            {
                Narrow(
                    masks.Select(static m => (m.PolicyKey, m.Exempt)), "the masks",
                    $" on column {column.Name}: Snowflake lets no column stand in two policies, and {string.Join(", ", given.Append(column.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))} would");
                return;
            }

            _taken.Add(column.Name);
            _taken.UnionWith(given);
            _shortfalls.AddRange(shortfalls);
            _mentions.AddRange(mentions);
            _exempt.AddRange(masks.Select(static m => m.Exempt));
            _calls.AddRange(masks.Select(m => printer.CallOf(m.Function)).OfType<CallingFunction>());
            var type = ColumnFamilies.Argument(column.Type);
            var body = printer.Body(Passes(intent, names), printed);
            var signature = string.Concat(conditions.Arguments.Select((c, i) => $", {PredicatePrinter.Argument(i)} {ColumnFamilies.Argument(c.Type)}"));
            var text = $"AS ({PredicatePrinter.Value} {type}{signature}) RETURNS {type} -> {body}";

            // Where Snowflake does not tell which columns a mask is given (SetPolicy.Placed), its name does.
            var named = given.Count == 0 ? text : $"{text} USING {SetPolicy.Placed("", given).Columns}";
            _policies.Add(new SetPolicy(column.Name, names.Mask(named), text, body, [column.Name, .. given], Reason(masks.Select(m => (m.PolicyKey, m.Exempt)))));
        }

        private PrintedMask Printed(GovernedColumn column, ColumnMask mask, MaskPrinter printer, PredicatePrinter conditions, List<string> shortfalls, List<Predicate> mentions)
        {
            if (!mask.IsNarrowed && !printer.CanApply(mask.Function))
                shortfalls.Add(Unfit(column, mask));
            var isMasked = $"NOT {IsExempt(mask.Exempt)}";
            if (mask.Condition is not { } condition) return new PrintedMask(mask.Function, $"({isMasked})");
            var sql = conditions.Print(condition, out var problem);
            if (problem is null)
            {
                mentions.Add(condition);
                return new PrintedMask(mask.Function, $"({isMasked} AND COALESCE({sql}, TRUE))");
            }

            shortfalls.Add($"the condition of {mask.PolicyKey} on column {column.Name} can't be put in Snowflake's terms ({problem}): it masks always");
            return new PrintedMask(mask.Function, $"({isMasked})");
        }

        private string Unfit(GovernedColumn column, ColumnMask mask)
        {
            if (mask.Function is not MaskFunction.Custom custom) return $"the mask of {mask.PolicyKey} can't be applied to column {column.Name} of type {column.Type}: it is NULL there";
            functions.Of(custom, out var problem);
            return $"cannot enforce the custom mask of {mask.PolicyKey} on column {column.Name}, whose value is NULL instead: {problem}";
        }

        private bool IsComputed(GovernedColumn column) => _computed.Any(c => c.Name == column.Name);

        // The object is left to those who are exempt.
        private void Narrow(IEnumerable<(string Key, AccessRule Exempt)> rules, string what, string why)
        {
            var all = rules.ToList();
            _narrowing.AddRange(all.Select(static r => r.Exempt));
            _shortfalls.Add($"cannot enforce {what} of {Keys(all.Select(static r => r.Key))}{why}; only those who are exempt may read or write");
        }

        // Never NULL.
        private string IsExempt(AccessRule rule) => $"COALESCE(ARRAY_CONTAINS({Quote.Literal(rule.Id.Value)}::VARIANT, {names.Function("EXEMPTIONS")}()), FALSE)";

        private static string Reason(IEnumerable<(string Key, AccessRule Exempt)> rules) =>
            string.Join("; ", rules.Select(r => $"{r.Key}, exempt: {r.Exempt.Text}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        private static string Keys(IEnumerable<string> keys) => string.Join(", ", keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}
