using System.Text.RegularExpressions;
using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.LakeFormation;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Glue;

/// <summary>GetTable and GetTables.</summary>
internal static class TableOperations
{
    public const int LargestPage = 100;

    public static void GetTable(Call call)
    {
        GlueInput.CheckCatalog(call);
        var databaseName = call.Input.Text("DatabaseName", required: true);
        var name = call.Input.Text("Name", required: true);
        call.Input.Check("ValidationException");
        var database = GlueInput.Find(call, databaseName!);
        if (database.Find(name!.ToLowerInvariant()) is not { } table)
        {
            // Whoever can't see the database isn't told what is missing in it.
            if (!call.Access.Sees(database)) throw GlueInput.Insufficient("Describe", name);
            throw AwsException.NotFound("Entity Not Found");
        }

        var access = call.Access.On(table);
        if (!access.IsVisible) throw GlueInput.Insufficient("Describe", name);
        call.Json.WriteStartObject();
        call.Json.WritePropertyName("Table");
        GlueWriting.Write(call.Json, table.Definition, database.Name, call.Options.AccountId, access.Columns);
        call.Json.WriteEndObject();
    }

    public static void GetTables(Call call)
    {
        GlueInput.CheckCatalog(call);
        var databaseName = call.Input.Text("DatabaseName", required: true);
        var expression = call.Input.Text("Expression", longest: 2048);
        var size = call.Input.PageSize(LargestPage);
        var attributes = call.Input.Texts("AttributesToGet");
        call.Input.Check("ValidationException");
        var database = GlueInput.Find(call, databaseName!);
        var scope = $"GetTables/{database.Name}/{expression}";
        var position = call.Position(scope);
        var pattern = Pattern(expression);
        var page = new List<(TableEntry Table, Access Access)>(size);
        var more = false;
        foreach (var table in database.After(position))
        {
            if (pattern is not null && !pattern.IsMatch(table.Name)) continue;
            var access = call.Access.On(table);
            if (!access.IsVisible) continue;
            if (page.Count == size)
            {
                more = true;
                break;
            }

            page.Add((table, access));
        }

        call.Json.WriteStartObject();
        call.Json.WriteStartArray("TableList");
        if (attributes.Count > 0) WriteAttributes(call, page, attributes);
        else if (!TryWriteRendered(call, database, page)) WriteTables(call, page);
        call.Json.WriteEndArray();
        if (more) call.WriteNextToken(scope, page[^1].Table.Name);
        call.Json.WriteEndObject();
    }

    private static bool TryWriteRendered(Call call, DatabaseState database, List<(TableEntry Table, Access Access)> page)
    {
        if (call.Runtime.Rendered is not { } rendered || !database.IsPristine || page.Count == 0) return false;
        var first = page[0].Table.Index;
        var whole = first % LargestPage == 0
            && page[^1].Table.Index == first + page.Count - 1
            && (page.Count == LargestPage || first + page.Count == database.Source.Count)
            && page.TrueForAll(table => table.Access.Columns is null);
        return whole && rendered.TryWrite(call.Answer, database.Name, first / LargestPage);
    }

    private static void WriteTables(Call call, List<(TableEntry Table, Access Access)> page)
    {
        foreach (var (table, access) in page) GlueWriting.Write(call.Json, table.Definition, table.Database.Name, call.Options.AccountId, access.Columns);
    }

    private static void WriteAttributes(Call call, List<(TableEntry Table, Access Access)> page, IReadOnlyList<string> attributes)
    {
        foreach (var (table, _) in page)
        {
            call.Json.WriteStartObject();
            call.Json.WriteString("Name", table.Name);
            if (attributes.Contains("TABLE_TYPE")) call.Json.WriteString("TableType", table.Definition.Kind is TableKind.View or TableKind.MultiDialectView ? "VIRTUAL_VIEW" : "EXTERNAL_TABLE");
            call.Json.WriteEndObject();
        }
    }

    private static Regex? Pattern(string? expression)
    {
        if (string.IsNullOrEmpty(expression)) return null;
        try
        {
            return new($"^(?:{expression})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw AwsException.InvalidInput($"Invalid expression: {expression}");
        }
    }
}
