export declare const target: string;
export declare function compileLayout(): Promise<string>;
