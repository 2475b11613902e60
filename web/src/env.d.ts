/// <reference types="vite/client" />
declare module 'bpmn-js/lib/NavigatedViewer';
