namespace Sluice.Sandbox.Snowflake;

/// <summary>The edition of an account, as far as it decides what may be done.</summary>
public enum SnowflakeEdition
{
    /// <summary>No masking policies, row access policies or materialized views.</summary>
    Standard,

    /// <summary>Everything the sandbox knows.</summary>
    Enterprise,
}
