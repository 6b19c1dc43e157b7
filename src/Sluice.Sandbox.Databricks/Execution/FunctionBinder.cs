using System.Collections.Frozen;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution.Dialect;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Execution;

/// <summary>Binds function calls and parameters: what depends on the session becomes a literal, SQL functions become macros.</summary>
internal sealed class FunctionBinder(SandboxRuntime runtime, WorkspaceState state, AccessRules access, Session session, RewriteOutput output, int depth)
{
    private static readonly FrozenDictionary<string, string> Respelled = new Dictionary<string, string>
    {
        ["nvl"] = "coalesce", ["ifnull"] = "coalesce", ["collect_list"] = "list", ["size"] = "len", ["array"] = "list_value", ["rand"] = "random", ["array_size"] = "len",
        ["ucase"] = "upper", ["lcase"] = "lower", ["startswith"] = "starts_with", ["endswith"] = "ends_with", ["btrim"] = "trim", ["sha"] = "sha1", ["split"] = "string_split_regex",
        ["unix_millis"] = "epoch_ms", ["unix_micros"] = "epoch_us", ["timestamp_millis"] = "epoch_ms", ["timestamp_micros"] = "make_timestamp", ["regexp_like"] = "regexp_matches",
        ["transform"] = "list_transform", ["len"] = "sandbox_length", ["char_length"] = "sandbox_length", ["character_length"] = "sandbox_length",
        ["length"] = "sandbox_length", ["substr"] = "sandbox_substring", ["ceiling"] = "sandbox_ceil", ["position"] = "sandbox_locate", ["dateadd"] = "sandbox_date_add",
        ["date_diff"] = "sandbox_datediff", ["unbase64"] = "from_base64",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions that are macros of the same name, with what the macros' names begin with.</summary>
    private static readonly FrozenSet<string> Taught = new[]
    {
        "sha2", "left", "right", "substring", "substring_index", "lpad", "rpad", "locate", "initcap", "regexp_replace", "regexp_extract", "mask", "date_trunc", "trunc", "date_add", "date_sub",
        "datediff", "add_months", "date_format", "to_date", "floor", "ceil", "bround", "array_contains", "nvl2", "isnull", "isnotnull", "encode", "decode", "base64", "raise_error", "assert_true", "try_divide",
        "element_at", "try_element_at", "map_contains_key", "get_json_object", "to_json",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Functions whose results the engine cannot give, and which it must not give others for.</summary>
    private static readonly FrozenSet<string> Unknown = new[] { "hash", "xxhash64", "crc32", "aes_encrypt", "aes_decrypt", "schema_of_json" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a function was bound that reads tables, or calls one that does.</summary>
    public bool CallsReading { get; private set; }

    /// <summary>The call's new spelling; null leaves it as it is.</summary>
    /// <exception cref="SqlException">It is no function, or one the caller may not execute.</exception>
    public BoundFunction? Bind(SqlName name, bool isEmpty)
    {
        if (name.Length == 1 && BuiltIn(name.Last.ToLowerInvariant(), isEmpty) is { } builtIn) return builtIn;
        var full = name.Under(session.Catalog, session.Schema, 3);
        if (state.Find(SecurableKind.Function, full.AsSpan()) is { } found)
        {
            var macro = Macro(found);
            CallsReading |= output.Reading.Contains(macro);
            return new(macro, "", Whole: false) { At = found };
        }

        return name.Length == 1 ? null : throw SqlException.NoFunction(name.ToString());
    }

    public string Parameter(string name) => session.Parameters.TryGetValue(name, out var bound)
        ? $"CAST({EngineQuoting.Literal(bound.Value)} AS {bound.Type.Engine})"
        : throw new SqlException("UNBOUND_SQL_PARAMETER", "42P02", $"Found the unbound parameter: {name}.");

    /// <summary>
    /// The value of a variable. Columns come before variables, and only the engine knows columns: where there may be some, a variable is known
    /// by its qualifier alone.
    /// </summary>
    public string? Variable(SqlName name, bool hasColumns) =>
        (name.Length > 1 || !hasColumns) && VariableParser.IsVariable(name) && session.Variables.TryGetValue(name.Last, out var found)
            ? $"CAST({EngineQuoting.Literal(found.Value)} AS {found.Type.Engine})"
            : null;

    public string? Text(string parameter) => session.Parameters.GetValueOrDefault(parameter)?.Value;

    /// <summary>The macro of a function, made on the query's connection before the query runs.</summary>
    public string Macro(Located at)
    {
        var holding = access.On(at);
        if (holding.Missing is { } missing) throw SqlException.Refused($"User does not have {PrivilegeNames.Sql(missing.Privilege)} on {missing.Kind} '{missing.Name}'.");
        if (!holding.Has(Privilege.Execute)) throw SqlException.Refused($"User does not have EXECUTE on Routine or Model '{at.FullName}'.");
        return Made(at);
    }

    /// <summary>The call of a function that guards a table: the pages ask EXECUTE of who sets it, and nothing of who reads the table.</summary>
    public string Guard(string function, IReadOnlyList<string> arguments)
    {
        var found = state.Find(SecurableKind.Function, function.Split('.', 3)) ?? throw SqlException.NoFunction(new SqlName([.. function.Split('.', 3)]).ToString());
        if (found.Function.Parameters.Length != arguments.Count) throw new SqlException("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", "42605", $"The `{function}` requires {found.Function.Parameters.Length} parameters but the actual number is {arguments.Count}.");
        return $"{Made(found)}({string.Join(", ", arguments)})";
    }

    /// <summary>The macro, whoever calls it.</summary>
    public string Made(Located at)
    {
        var macro = EngineQuoting.Identifier($"f_{at.Function.Id}");
        if (output.Macros.TryGetValue(macro, out var made))
        {
            // Guards that come back to what they guard are not supported: …/filters-and-masks.
            return made.Length > 0 ? macro : throw SqlException.Unsupported($"The function {at.FullName} comes back to itself, by its own call or by a table it guards.");
        }

        if (depth > RelationBinder.Deepest) throw SqlException.Unsupported("Functions and views are nested too deeply.");
        output.Macros[macro] = "";
        var owner = new AccessRules(state, RelationBinder.OwnerOf(state, at.Function.Owner));
        var (catalog, schema) = at.Function.Path ?? (at.Catalog!.Name, at.Schema!.Name);
        var inner = new Session(session.Caller, catalog, schema);
        var functions = new FunctionBinder(runtime, state, owner, inner, output, depth + 1);
        var text = FunctionMacro.Of(at.Function, macro, scope => new QueryRewriter(at.Function.Body, new RelationBinder(runtime, state, owner, inner, output, depth + 1), functions) { Scope = scope }.Expression(), () => functions.CallsReading);
        if (functions.CallsReading || FunctionMacro.Reads(at.Function.Body)) output.Reading.Add(macro);
        output.Macros.Remove(macro);
        output.Macros[macro] = text;
        return macro;
    }

    /// <summary>What stands for an argument that is not given, its names being those of where the function was made.</summary>
    public string Default(BoundFunction called, FunctionParameter parameter)
    {
        var owner = new AccessRules(state, RelationBinder.OwnerOf(state, called.Function!.Owner));
        var (catalog, schema) = called.Function.Path ?? (called.At!.Catalog!.Name, called.At.Schema!.Name);
        var inner = new Session(session.Caller, catalog, schema);
        return new QueryRewriter($"({parameter.Default})", new(runtime, state, owner, inner, output, depth + 1), new(runtime, state, owner, inner, output, depth + 1)).Expression();
    }

    private BoundFunction? BuiltIn(string name, bool isEmpty)
    {
        var caller = session.Caller;
        string? literal = name switch
        {
            "current_user" or "session_user" or "user" when isEmpty => EngineQuoting.Literal(caller.Name),
            "current_version" when isEmpty => "({'dbr_version': CAST(NULL AS VARCHAR), 'dbsql_version': '2026.10', 'u_build_hash': 'sandbox', 'r_build_hash': 'sandbox'})",
            "current_metastore" when isEmpty => EngineQuoting.Literal(state.Metastore.GlobalId),
            "current_catalog" when isEmpty => EngineQuoting.Literal(session.Catalog),
            "current_schema" or "current_database" when isEmpty => EngineQuoting.Literal(session.Schema),
            "current_timestamp" or "now" or "getdate" when isEmpty => $"TIMESTAMP '{runtime.Options.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}'",
            "current_date" or "curdate" when isEmpty => $"DATE '{runtime.Options.Clock.GetUtcNow():yyyy-MM-dd}'",
            _ => null,
        };
        if (literal is not null) return new(literal, "", Whole: true);
        return name switch
        {
            "is_account_group_member" => Member(caller.Names.Where(group => group != caller.Name)),
            "is_member" => Member(caller.WorkspaceGroups),
            "concat" => new("", "", Whole: false) { Joins = true },
            _ when CastForms.IsFunction(name) => Cast(name),
            _ when Taught.Contains(name) => new($"sandbox_{name}", "", Whole: false),
            _ when Unknown.Contains(name) => throw SqlException.Unsupported($"The sandbox does not know the function {name}."),
            _ when Respelled.TryGetValue(name, out var spelled) => new(spelled, "", Whole: false),
            _ => null,
        };
    }

    private static BoundFunction Cast(string name)
    {
        var (head, tail) = CastForms.Of(SqlType.Parse(name), isTry: false);
        return new(head, tail, Whole: false);
    }

    private static BoundFunction Member(IEnumerable<string> groups) =>
        new($"list_contains(CAST([{string.Join(", ", groups.Order(StringComparer.Ordinal).Select(group => EngineQuoting.Literal(group)))}] AS VARCHAR[]), ", ")", Whole: false);
}

/// <summary>A function call in the engine's words.</summary>
/// <param name="Sql">Its name, or the whole call.</param>
/// <param name="Tail">What follows its arguments.</param>
/// <param name="Whole">The empty parentheses are part of <paramref name="Sql"/>.</param>
internal sealed record BoundFunction(string Sql, string Tail, bool Whole)
{
    /// <summary>The arguments are joined by ||, whose result is NULL when one of them is.</summary>
    public bool Joins { get; init; }

    /// <summary>Of a SQL function: its parameters say which arguments it takes.</summary>
    public FunctionObject? Function => At?.Function;

    /// <summary>Of a SQL function: where it stands.</summary>
    public Located? At { get; init; }
}
