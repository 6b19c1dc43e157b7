using Sluice.Sandbox.Aws.Catalog;
using Sluice.Sandbox.Aws.Wire;

namespace Sluice.Sandbox.Aws.Glue;

/// <summary>What Glue's operations ask of every request.</summary>
internal static class GlueInput
{
    public static void CheckCatalog(Call call)
    {
        var catalog = call.Input.Text("CatalogId");
        if (catalog is null || catalog == call.Options.AccountId) return;
        call.Input.Check("ValidationException");
        throw AwsException.Denied($"User: {call.Caller.Arn} is not authorized to access catalog {catalog}: cross-account access needs a resource policy of its owner.");
    }

    public static DatabaseState Find(Call call, string name) =>
        call.Account.Catalog.Find(name.ToLowerInvariant()) ?? throw AwsException.NotFound($"Database {name} not found.");

    public static AwsException Insufficient(string permission, string name) =>
        AwsException.Denied($"Insufficient Lake Formation permission(s): Required {permission} on {name}");
}
