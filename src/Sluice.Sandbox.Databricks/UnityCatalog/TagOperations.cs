using System.Collections.Immutable;
using Sluice.Sandbox.Databricks.Catalog;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Privileges;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.UnityCatalog;

/// <summary>Tags on catalogs, schemas, tables and columns, from https://docs.databricks.com/api/workspace/entitytagassignments.</summary>
internal static class TagOperations
{
    private const int LargestPage = 1000;

    public static void List(Call call)
    {
        var (at, column) = Entity(call.State, call.Route("entity_type"), call.Route("entity_name"));
        var holding = call.Access.On(at);
        if (!RestLookup.Knows(at.Kind, holding)) throw RestLookup.Lacks(at, holding, "APPLY TAG");
        Paging.Write(call, "tag_assignments", LargestPage, last => Paging.After(Tags(at, column).Select(tag => KeyValuePair.Create(tag.Key, tag)), last), tag => tag.Key, tag => Write(call, at, tag.Key, tag.Value));
    }

    public static void Get(Call call)
    {
        var (at, column) = Entity(call.State, call.Route("entity_type"), call.Route("entity_name"));
        var holding = call.Access.On(at);
        if (!RestLookup.Knows(at.Kind, holding)) throw RestLookup.Lacks(at, holding, "APPLY TAG");
        var key = call.Route("tag_key");
        if (!Tags(at, column).TryGetValue(key, out var value)) throw DatabricksException.Missing($"Tag assignment with tag key {key} does not exist.");
        Write(call, at, key, value);
    }

    public static void Create(Call call) => Put(call, call.NeedText("entity_type"), call.NeedText("entity_name"), call.NeedText("tag_key"), mustBe: false);

    public static void Update(Call call) => Put(call, call.Route("entity_type"), call.Route("entity_name"), call.Route("tag_key"), mustBe: true);

    public static void Delete(Call call)
    {
        Change(call, call.Route("entity_type"), call.Route("entity_name"), tags => tags.ContainsKey(call.Route("tag_key"))
            ? tags.Remove(call.Route("tag_key"))
            : throw DatabricksException.Missing($"Tag assignment with tag key {call.Route("tag_key")} does not exist."));
        call.Json.WriteStartObject();
        call.Json.WriteEndObject();
    }

    private static void Put(Call call, string type, string name, string key, bool mustBe)
    {
        var value = call.Text("tag_value") ?? "";
        var at = Change(call, type, name, tags =>
        {
            if (tags.ContainsKey(key) != mustBe)
            {
                throw mustBe ? DatabricksException.Missing($"Tag assignment with tag key {key} does not exist.") : new DatabricksException("ALREADY_EXISTS", $"Tag assignment with tag key {key} already exists.", 409);
            }

            return TagRules.Check(tags.SetItem(key, value));
        });
        WriteAs(call, type, name, at, key, value);
    }

    private static Located Change(Call call, string type, string name, Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> change)
    {
        Located? after = null;
        call.Runtime.Change(state =>
        {
            var (at, column) = Entity(state, type, name);
            var holding = new AccessRules(state, call.Caller).On(at);
            if (!holding.Tags || at.Catalog?.Kind == CatalogKind.System) throw RestLookup.Lacks(at, holding, "APPLY TAG");
            var changed = at.Securable with { UpdatedAt = call.Now, UpdatedBy = call.Caller.Name };
            changed = column is { } index
                ? at.Table with { Columns = at.Table.Columns.SetItem(index, at.Table.Columns[index] with { Tags = change(at.Table.Columns[index].Tags) }), UpdatedAt = call.Now, UpdatedBy = call.Caller.Name }
                : changed with { Tags = change(at.Securable.Tags) };
            var replaced = state.Replace(at, changed);
            after = Entity(replaced, type, name).At;
            return replaced;
        });
        return after!;
    }

    private static (Located At, int? Column) Entity(WorkspaceState state, string type, string name)
    {
        switch (type.ToLowerInvariant())
        {
            case "catalogs": return (RestLookup.Find(state, SecurableKind.Catalog, name), null);
            case "schemas": return (RestLookup.Find(state, SecurableKind.Schema, name), null);
            case "tables": return (RestLookup.Find(state, SecurableKind.Table, name), null);
            case "columns":
                // A column's name may hold dots; the three before it may not.
                var parts = name.Split('.', 4);
                if (parts.Length != 4) throw DatabricksException.Invalid($"'{name}' is not a valid name of a column.");
                var table = RestLookup.Find(state, SecurableKind.Table, string.Join('.', parts[..3]));
                var index = table.Table.IndexOf(parts[3]);
                return index < 0 ? throw DatabricksException.Missing($"Column '{name}' does not exist.") : (table, index);
            default:
                throw DatabricksException.Invalid($"'{type}' is not an entity type that the sandbox knows.");
        }
    }

    private static ImmutableSortedDictionary<string, string> Tags(Located at, int? column) => column is { } index ? at.Table.Columns[index].Tags : at.Securable.Tags;

    private static void Write(Call call, Located at, string key, string value) => WriteAs(call, call.Route("entity_type"), call.Route("entity_name"), at, key, value);

    private static void WriteAs(Call call, string type, string name, Located at, string key, string value)
    {
        call.Json.WriteStartObject();
        call.Json.WriteString("entity_type", type);
        call.Json.WriteString("entity_name", name);
        call.Json.WriteString("tag_key", key);
        if (value.Length > 0) call.Json.WriteString("tag_value", value);
        call.Json.WriteString("update_time", DateTimeOffset.FromUnixTimeMilliseconds(at.Securable.UpdatedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        call.Json.WriteString("updated_by", at.Securable.UpdatedBy);
        call.Json.WriteEndObject();
    }
}
