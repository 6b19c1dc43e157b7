using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;
using Tags = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace Sluice.Sandbox.Aws.LakeFormation;

/// <summary>Reading assigned LF-Tags: of one resource, and searching by expression.</summary>
internal static class TagReading
{
    private const int LargestPage = 100;

    public static void GetResourceLFTags(Call call)
    {
        var input = call.Input.Object("Resource", required: true);
        var assignedOnly = call.Input.Flag("ShowAssignedLFTags");
        LakeInput.Check(call);
        var resource = ResourceReader.Read(input!.Value, call.Options.AccountId);
        if (resource is not (NamedDatabase or NamedTable or TableColumns { Excluded: false })) throw AwsException.InvalidInput("Only database, table, or tableWithColumns resource are allowed.");
        var (database, table) = LakeInput.Find(call, resource);
        call.Json.WriteStartObject();
        if (table is not { } found)
        {
            Write(call, "LFTagOnDatabase", database.Tags);
        }
        else
        {
            var columns = resource is TableColumns some ? some.Columns.ToArray() : null;
            if (columns is not null) LakeInput.CheckColumns(found, columns);
            WriteTable(call, found, columns, inherited: !assignedOnly);
        }

        call.Json.WriteEndObject();
    }

    public static void SearchTablesByLFTags(Call call)
    {
        var (expression, size) = ReadSearch(call);
        var scope = $"SearchTablesByLFTags/{expression.Text}";
        var position = call.Position(scope)?.Split('/', 2);
        var found = new List<TableEntry>(size);
        var more = false;
        foreach (var table in call.Account.Catalog.TablesAfter(position?[0], position?[1]))
        {
            if (!Matches(expression, table) || !call.Access.On(table).IsVisible) continue;
            if (found.Count == size)
            {
                more = true;
                break;
            }

            found.Add(table);
        }

        call.Json.WriteStartObject();
        call.Json.WriteStartArray("TableList");
        foreach (var table in found)
        {
            call.Json.WriteStartObject();
            call.Json.WriteStartObject("Table");
            call.Json.WriteString("CatalogId", call.Options.AccountId);
            call.Json.WriteString("DatabaseName", table.Database.Name);
            call.Json.WriteString("Name", table.Name);
            call.Json.WriteEndObject();
            WriteTable(call, table, columns: null, call.Options.SearchShowsInheritedTags);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        if (more) call.WriteNextToken(scope, $"{found[^1].Database.Name}/{found[^1].Name}");
        call.Json.WriteEndObject();
    }

    public static void SearchDatabasesByLFTags(Call call)
    {
        var (expression, size) = ReadSearch(call);
        var scope = $"SearchDatabasesByLFTags/{expression.Text}";
        var found = call.Account.Catalog.After(call.Position(scope))
            .Where(database => expression.Matches(TagAssignment.NoTags, database.Tags) && call.Access.Sees(database))
            .Take(size + 1)
            .ToList();
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("DatabaseList");
        foreach (var database in found.Take(size))
        {
            call.Json.WriteStartObject();
            call.Json.WriteStartObject("Database");
            call.Json.WriteString("CatalogId", call.Options.AccountId);
            call.Json.WriteString("Name", database.Name);
            call.Json.WriteEndObject();
            Write(call, "LFTags", database.Tags);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
        if (found.Count > size) call.WriteNextToken(scope, found[size - 1].Name);
        call.Json.WriteEndObject();
    }

    private static (TagExpression Expression, int Size) ReadSearch(Call call)
    {
        var size = call.Input.PageSize(LargestPage);
        var input = call.Input.Objects("Expression", required: true);
        LakeInput.Check(call);
        if (input.Count == 0) throw AwsException.InvalidInput("Expression must not be empty.");
        var expression = ResourceReader.Expression(input);
        foreach (var key in expression.Conditions.Keys)
        {
            var tag = call.Account.Tags.Find(key) ?? throw AwsException.NotFound($"Tag key not found: {key}");
            if (!tag.Values.Any(value => call.Access.Sees(tag, value))) throw TagOperations.Insufficient("Describe", $"LF-Tag {key}");
        }

        return (expression, size);
    }

    /// <summary>A table is found by the tags in force on itself or on any of its columns.</summary>
    private static bool Matches(TagExpression expression, TableEntry table)
    {
        var assigned = table.Assigned;
        if (expression.Matches(table.Database.Tags, assigned.Table)) return true;
        if (assigned.Columns.IsEmpty) return false;
        var inForce = TagAssignment.Over(table.Database.Tags, assigned.Table);
        return assigned.Columns.Values.Any(tags => expression.Matches(inForce, tags));
    }

    private static void WriteTable(Call call, TableEntry table, IReadOnlyCollection<string>? columns, bool inherited)
    {
        var assigned = table.Assigned;
        var onTable = inherited ? TagAssignment.Over(table.Database.Tags, assigned.Table) : assigned.Table;
        Write(call, "LFTagOnDatabase", table.Database.Tags);
        Write(call, "LFTagsOnTable", onTable);
        call.Json.WriteStartArray("LFTagsOnColumns");
        var names = columns ?? (inherited ? table.Definition.AllColumns.Select(column => column.Name) : assigned.Columns.Keys);
        foreach (var name in names)
        {
            var tags = inherited ? TagAssignment.Over(onTable, assigned.On(name)) : assigned.On(name);
            if (tags.IsEmpty) continue;
            call.Json.WriteStartObject();
            call.Json.WriteString("Name", name);
            Write(call, "LFTags", tags);
            call.Json.WriteEndObject();
        }

        call.Json.WriteEndArray();
    }

    private static void Write(Call call, string name, Tags tags) =>
        ResourceWriter.WriteTags(call.Json, name, tags, call.Options.AccountId, call.Access.Sees);
}
