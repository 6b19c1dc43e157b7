namespace Sluice.Platforms;

/// <summary>A platform on which identities that differ in case alone are one; elsewhere each is what it is spelled.</summary>
public interface IFoldsIdentities
{
    /// <summary>Tells whether two spellings are one identity, as enforcement takes it.</summary>
    IEqualityComparer<string> Identities { get; }
}
