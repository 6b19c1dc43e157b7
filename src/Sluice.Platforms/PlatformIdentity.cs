namespace Sluice.Platforms;

/// <summary>What a platform says it is: one connection may be registered per key.</summary>
/// <param name="Key">Canonical and comparable, such as <c>glue:aws:123456789012:us-east-1</c>.</param>
/// <param name="DisplayName">For people, such as <c>Glue Data Catalog 123456789012 in us-east-1</c>.</param>
public sealed record PlatformIdentity(string Key, string DisplayName);
