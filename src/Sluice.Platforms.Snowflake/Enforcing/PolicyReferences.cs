using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Platforms.Snowflake.Crawling;
using Sluice.Platforms.Snowflake.Protocol;
using Sluice.Platforms.Snowflake.Setup;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Enforcing;

/// <summary>A policy that is set.</summary>
/// <param name="Database">Of the policy.</param>
/// <param name="Schema">Of the policy.</param>
/// <param name="Policy">Its name.</param>
/// <param name="Kind"><c>MASKING_POLICY</c>, <c>ROW_ACCESS_POLICY</c>, or another.</param>
/// <param name="Object">On what.</param>
/// <param name="IsView">Whether that is a view.</param>
/// <param name="Column">The column that is masked; null where none is.</param>
/// <param name="Columns">The columns it is given, a masked one first.</param>
/// <param name="Status"><c>ACTIVE</c>, or why it has no effect.</param>
internal sealed record PolicyReference(
    string Database, string Schema, string Policy, string Kind, ObjectPath Object, bool IsView, string? Column, IReadOnlyList<string> Columns, string Status)
{
    /// <summary>A policy that masks.</summary>
    public const string Masking = "MASKING_POLICY";

    /// <summary>A policy that filters.</summary>
    public const string RowAccess = "ROW_ACCESS_POLICY";

    /// <summary>The status of one that has effect.</summary>
    public const string Active = "ACTIVE";

    /// <summary>What is known of one that is no more.</summary>
    public const string Dropped = "DROPPED";

    /// <summary>Whether Snowflake told the columns; of a mask it may not, and the one that it masks alone is known then.</summary>
    public bool AreColumnsTold { get; init; } = true;

    /// <summary>Whether it is of the kinds that Sluice sets: beside others, such as projection policies, one of them may stand.</summary>
    public bool IsMaskOrRows => Kind is Masking or RowAccess;
}

/// <summary>A policy of ours.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">Its expression.</param>
/// <param name="Set">Where it is set.</param>
internal sealed record OwnPolicy(string Name, string Body, IReadOnlyList<PolicyReference> Set);

/// <summary>Reads where policies are set (https://docs.snowflake.com/en/sql-reference/functions/policy_references).</summary>
internal sealed class PolicyReferences(StatementClient statements, NativeNames names, string connectionKey, InstanceMark mark, SnowflakeOptions options)
{
    private readonly CatalogReader _catalog = new(statements, options);

    private const string Columns =
        "POLICY_DB, POLICY_SCHEMA, POLICY_NAME, POLICY_KIND, REF_DATABASE_NAME, REF_SCHEMA_NAME, REF_ENTITY_NAME, REF_ENTITY_DOMAIN, REF_COLUMN_NAME, REF_ARG_COLUMN_NAMES, POLICY_STATUS";

    /// <summary>Our policies, each with its expression and where it is set; and the names of those in our schema that are not ours.</summary>
    /// <exception cref="PlatformException">They can't be read: without the Enterprise edition there are none.</exception>
    public async Task<(IReadOnlyList<OwnPolicy> Ours, IReadOnlySet<string> Others)> OwnAsync(CancellationToken cancellationToken)
    {
        var (ours, others) = await NamesAsync(cancellationToken);
        var policies = new OwnPolicy[ours.Count];
        await Parallel.ForAsync(
            0, ours.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Statements.Maximum, CancellationToken = cancellationToken },
            async (i, token) => policies[i] = new OwnPolicy(ours[i], await BodyAsync(ours[i], token), await OfPolicyAsync(ours[i], token)));
        return (policies, others);
    }

    /// <summary>The names of our policies, and of those in our schema that are not ours.</summary>
    public async Task<(IReadOnlyList<string> Ours, IReadOnlySet<string> Others)> NamesAsync(CancellationToken cancellationToken)
    {
        var listed = await ListAsync("MASKING POLICIES", cancellationToken);
        listed.AddRange(await ListAsync("ROW ACCESS POLICIES", cancellationToken));
        var ours = listed.Where(p => names.IsPolicy(p.Name) && mark.OwnerOf(p.Comment) == MarkOwner.ThisInstance).Select(p => p.Name).ToList();
        return (ours, listed.Select(p => p.Name).Except(ours, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>Where a policy of ours is set.</summary>
    public Task<List<PolicyReference>> OfPolicyAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync($"POLICY_NAME => {Quote.Literal(names.Policy(name))}", cancellationToken);

    /// <summary>What is set on an object.</summary>
    public Task<List<PolicyReference>> OfObjectAsync(ObjectPath path, bool isView, CancellationToken cancellationToken) =>
        ReadAsync($"REF_ENTITY_NAME => {Quote.Literal(Statements.Name(path))}, REF_ENTITY_DOMAIN => {(isView ? "'VIEW'" : "'TABLE'")}", cancellationToken);

    /// <summary>The same, where Snowflake does not tell the columns of a mask of ours: one that takes a single argument is given the column that it masks.</summary>
    public async Task<IReadOnlyList<PolicyReference>> WithArgumentsAsync(IReadOnlyList<PolicyReference> set, CancellationToken cancellationToken)
    {
        var told = new List<PolicyReference>(set.Count);
        foreach (var reference in set)
            told.Add(!reference.AreColumnsTold && IsInPlace(reference) && await HasOneArgumentAsync(reference.Policy, cancellationToken) ? reference with { AreColumnsTold = true } : reference);
        return told;
    }

    /// <summary>The expressions of the policies of ours that are set on an object, in one text.</summary>
    public async Task<string> BodiesOnAsync(ObjectPath path, bool isView, CancellationToken cancellationToken)
    {
        var bodies = new List<string>();
        foreach (var policy in (await OfObjectAsync(path, isView, cancellationToken)).Where(IsInPlace).Select(static r => r.Policy).Distinct(StringComparer.Ordinal))
            bodies.Add(await BodyAsync(policy, cancellationToken));
        return string.Join('\n', bodies);
    }

    /// <summary>
    /// Tables of which materialized views are made, each with one of those: no policy can be set on them (https://docs.snowflake.com/en/user-guide/security-column-intro, "Materialized views"). MANAGE
    /// GRANTS shows all of them; a list has no second page, so where it may be cut they are listed for each database, and for each schema (https://docs.snowflake.com/en/sql-reference/sql/show-materialized-views).
    /// </summary>
    /// <exception cref="PlatformException">A single schema has more than are listed.</exception>
    public async Task<IReadOnlyDictionary<ObjectPath, string>> UnderMaterializedViewsAsync(CancellationToken cancellationToken)
    {
        var under = new Dictionary<ObjectPath, string>();
        if (await AddUnderAsync(under, "ACCOUNT", cancellationToken)) return under;
        foreach (var database in await _catalog.DatabasesAsync(null, cancellationToken))
        {
            if (await AddUnderAsync(under, $"DATABASE {Quote.Identifier(database.Name)}", cancellationToken)) continue;
            foreach (var schema in await _catalog.SchemasAsync(database.Name, null, cancellationToken))
            {
                if (!await AddUnderAsync(under, $"SCHEMA {Quote.Path(database.Name, schema.Name)}", cancellationToken))
                    throw _catalog.Cut($"materialized views of schema {database.Name}.{schema.Name}", "No policy can be set on a table under one: move some of them to another schema.");
            }
        }

        return under;
    }

    // False where the list may be cut.
    private async Task<bool> AddUnderAsync(Dictionary<ObjectPath, string> under, string place, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW MATERIALIZED VIEWS IN {place}"), cancellationToken);
        var (view, database, schema, table) = (result.Column("name"), result.Column("source_database_name"), result.Column("source_schema_name"), result.Column("source_table_name"));
        var count = 0;
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            count++;
            if (row[database] is { } d && row[schema] is { } s && row[table] is { } t) under.TryAdd(new ObjectPath(connectionKey, d, s, t), row[view] ?? "");
        }

        return count < options.ShowRows;
    }

    /// <summary>Whether what is set bears a name that Sluice gives, and lies where its policies do.</summary>
    public bool IsInPlace(PolicyReference reference) =>
        reference.Database == names.Database && reference.Schema == DatabaseLayout.PolicySchema && names.IsPolicy(reference.Policy);

    private async Task<List<(string Name, string? Comment)>> ListAsync(string kinds, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"SHOW {kinds} IN SCHEMA {names.PolicySchema}"), cancellationToken);
        var (name, comment) = (result.Column("name"), result.Column("comment"));
        var policies = new List<(string, string?)>();
        await foreach (var row in result.RowsAsync(cancellationToken)) policies.Add((row[name] ?? "", row[comment]));
        if (policies.Count >= options.ShowRows)
            throw _catalog.Cut($"{kinds.ToLowerInvariant()} of schema {names.PolicySchema}", "Drop those in it that are set on nothing. Objects that are treated alike share theirs.");
        return policies;
    }

    private Task<string> BodyAsync(string policy, CancellationToken cancellationToken) => DescribedAsync(policy, "body", cancellationToken);

    // (V VARCHAR), or (V NUMBER(10,2), A0 VARCHAR).
    private async Task<bool> HasOneArgumentAsync(string policy, CancellationToken cancellationToken)
    {
        var signature = await DescribedAsync(policy, "signature", cancellationToken);
        var depth = 0;
        return signature.Length > 0 && !signature.Any(c => (depth += c switch { '(' => 1, ')' => -1, _ => 0 }) == 1 && c == ',');
    }

    private async Task<string> DescribedAsync(string policy, string what, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(new Statement($"DESCRIBE {NativeNames.KindOf(policy)} {names.Policy(policy)}"), cancellationToken);
        var column = result.Column(what);
        await foreach (var row in result.RowsAsync(cancellationToken)) return row[column] ?? "";
        return "";
    }

    private async Task<List<PolicyReference>> ReadAsync(string arguments, CancellationToken cancellationToken)
    {
        var sql = $"SELECT {Columns} FROM TABLE({Quote.Identifier(names.Database)}.INFORMATION_SCHEMA.POLICY_REFERENCES({arguments}))";
        using var result = await statements.RunAsync(new Statement(sql), cancellationToken);
        var references = new List<PolicyReference>();
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (row[4] is not { } database || row[5] is not { } schema || row[6] is not { } name) continue;
            var given = Names(row[9]);
            var column = row[8];
            references.Add(new PolicyReference(
                row[0] ?? "", row[1] ?? "", row[2] ?? "", row[3] ?? "", new ObjectPath(connectionKey, database, schema, name), row[7] == "VIEW", column,
                column is null || (given.Count > 0 && given[0] == column) ? given : [column, .. given], row[10] ?? PolicyReference.Active)
            {
                AreColumnsTold = column is null || given.Count > 0,
            });
        }

        return references;
    }

    // As an array of JSON: [ "A", "B" ].
    private static List<string> Names(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) return [];
        using var array = JsonDocument.Parse(json);
        return [.. array.RootElement.EnumerateArray().Select(n => n.GetString() ?? "")];
    }
}
