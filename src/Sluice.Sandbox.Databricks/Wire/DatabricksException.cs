namespace Sluice.Sandbox.Databricks.Wire;

/// <summary>An error as the REST APIs answer it: {error_code, message, details}.</summary>
internal sealed class DatabricksException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    public DatabricksErrorShape Shape { get; private init; }

    /// <summary>Seconds in a Retry-After header; null sends none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>What google.rpc.ErrorInfo says of the resource.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Before any API was reached: the code is then a number.</summary>
    public static DatabricksException Unauthenticated(int status, string message) =>
        new(status.ToString(System.Globalization.CultureInfo.InvariantCulture), message, status) { Shape = DatabricksErrorShape.Numeric };

    public static DatabricksException Oauth(int status, string code, string message) => new(code, message, status) { Shape = DatabricksErrorShape.Oauth };

    public static DatabricksException Scim(int status, string message) =>
        new(status.ToString(System.Globalization.CultureInfo.InvariantCulture), message, status) { Shape = DatabricksErrorShape.Scim };

    /// <summary>API 1.2 answers {error: "…"}.</summary>
    public static DatabricksException Legacy(string message, int status = 400) => new("BAD_REQUEST", message, status) { Shape = DatabricksErrorShape.Legacy };

    public static DatabricksException Invalid(string message) => new("INVALID_PARAMETER_VALUE", message);

    public static DatabricksException NotFound(string kind, string name) => new($"{kind.ToUpperInvariant()}_DOES_NOT_EXIST", $"{kind} '{name}' does not exist.", 404)
    {
        Metadata = new Dictionary<string, string> { ["resourceType"] = kind, ["resourceName"] = name },
    };

    public static DatabricksException Missing(string message) => new("RESOURCE_DOES_NOT_EXIST", message, 404);

    public static DatabricksException Denied(string message) => new("PERMISSION_DENIED", message, 403);

    /// <summary>"User does not have SELECT on Table 'a.b.c'."</summary>
    public static DatabricksException Lacks(string privilege, string kind, string name) => new("PERMISSION_DENIED", $"User does not have {privilege} on {kind} '{name}'.", 403)
    {
        Metadata = new Dictionary<string, string> { ["principalName"] = "User", ["msg"] = privilege, ["resourceType"] = kind, ["resourceName"] = name },
    };
}

/// <summary>How an error's body is laid out.</summary>
internal enum DatabricksErrorShape
{
    Standard,
    Numeric,
    Oauth,
    Scim,
    Legacy,
}
