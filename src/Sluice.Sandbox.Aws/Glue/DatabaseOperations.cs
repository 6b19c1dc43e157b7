using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Glue;

/// <summary>GetDatabase and GetDatabases.</summary>
internal static class DatabaseOperations
{
    public static void GetDatabase(Call call)
    {
        GlueInput.CheckCatalog(call);
        var name = call.Input.Text("Name", required: true);
        call.Input.Check("ValidationException");
        var database = GlueInput.Find(call, name!);
        if (!call.Access.Sees(database)) throw GlueInput.Insufficient("Describe", database.Name);
        call.Json.WriteStartObject();
        call.Json.WritePropertyName("Database");
        GlueWriting.Write(call.Json, database.Definition, call.Options.AccountId, nameOnly: false);
        call.Json.WriteEndObject();
    }

    public static void GetDatabases(Call call)
    {
        GlueInput.CheckCatalog(call);
        var size = call.Input.PageSize(100);
        var share = call.Input.Text("ResourceShareType");
        if (share is not (null or "FOREIGN" or "ALL" or "FEDERATED")) call.Input.Violate(share, "ResourceShareType", "Member must satisfy enum value set: [FOREIGN, ALL, FEDERATED]");
        var attributes = call.Input.Texts("AttributesToGet");
        call.Input.Check("ValidationException");
        var scope = $"GetDatabases/{share}";
        var found = call.Account.Catalog.After(call.Position(scope)).Where(database => IsShared(database, share) && call.Access.Sees(database)).Take(size + 1).ToList();
        call.Json.WriteStartObject();
        call.Json.WriteStartArray("DatabaseList");
        foreach (var database in found.Take(size)) GlueWriting.Write(call.Json, database.Definition, call.Options.AccountId, nameOnly: attributes.Contains("NAME"));
        call.Json.WriteEndArray();
        if (found.Count > size) call.WriteNextToken(scope, found[size - 1].Name);
        call.Json.WriteEndObject();
    }

    // Nothing is shared with this account by others.
    private static bool IsShared(DatabaseState database, string? share) => share switch
    {
        "FOREIGN" => false,
        "FEDERATED" => database.Definition.FederatedThrough is not null,
        _ => true,
    };
}
