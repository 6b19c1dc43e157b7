namespace Sluice.Engine.Scim;

/// <summary>A refusal in SCIM's own form (RFC 7644, section 3.12).</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="scimType">RFC 7644, table 9; null: none fits.</param>
/// <param name="detail">For people.</param>
public sealed class ScimRefusedException(int status, string? scimType, string detail) : Exception(detail)
{
    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>RFC 7644, table 9.</summary>
    public string? ScimType => scimType;

    internal static ScimRefusedException Invalid(string detail) => new(400, "invalidValue", detail);

    internal static ScimRefusedException NotFound(string id) => new(404, null, $"There is no resource '{id}' of this identity provider.");
}
